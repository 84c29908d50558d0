/** The page of the docs that shows every comparison with theory. */
import { missesAllowed, replications, type TheoryCase, type Verdict } from './theory-case.ts';

/** Markdown; the same verdicts always give the same page. */
export function theoryPage(cases: readonly TheoryCase[], verdicts: readonly Verdict[]): string {
  const missed = verdicts.filter((verdict) => verdict.distance > 1).length;
  const most = missesAllowed(verdicts.length);
  const chance = (verdicts.length / 100).toFixed(1);
  const lines = [
    '# Theory: expected and simulated',
    '',
    'Written by `packages/core/test/theory/theory.test.ts`, which fails when this page is not what it finds; after a',
    'change that is meant to move numbers, run it with `npx vitest run packages/core/test/theory -u`.',
    '',
    `${cases.length} models, ${verdicts.length} numbers. Each is estimated from ${replications} replications; a`,
    'tenth of their length is discarded as warm-up; the simulated column gives the mean and its 99 % Student interval.',
    'Verdicts:',
    '',
    '- *inside*: the expected value lies in the 99 % interval;',
    '- *by chance*: it lies outside, but inside the interval corrected for making so many at once (Bonferroni: 99 %',
    `  for all of them together). A right engine is expected to have ${chance} of these; more than ${most} fail the`,
    `  test. There are ${missed}. Numbers of one model come from the same runs, so they miss together;`,
    '- *outside*: it lies outside the corrected interval too. One such number fails the test.',
    '',
    'Half-widths above 2 % of the expected value fail the test as too loose, except where the table says otherwise.',
    'Seeds are the names of the models. On every path with stations the tests also check, to the microsecond,',
    "conservation of jobs, Little's law (the area under the number inside is the sum of the times inside, kept by the",
    "test's own ledger) and the utilisation law; with processors Little's law up to the microsecond by which each",
    'report may come late. Waits of G/G/1 and G/G/c are compared customer by customer with the recursions of Lindley and of',
    'Kiefer and Wolfowitz in `recursions.test.ts`: they are equal, so there is no interval.',
    '',
    '| Model | Parameters | Number | Expected | Simulated | Half-width | Verdict | Source |',
    '| --- | --- | --- | ---: | ---: | ---: | --- | --- |',
  ];
  for (const one of cases) {
    for (const verdict of verdicts.filter(({ model }) => model === one.model)) lines.push(row(one, verdict));
  }
  return `${lines.join('\n')}\n`;
}

function row(one: TheoryCase, verdict: Verdict): string {
  const share = `${((100 * verdict.halfWidth) / verdict.expected).toFixed(2)} %`;
  const allowed = verdict.precision === 0.02 ? '' : ` (up to ${100 * verdict.precision} %)`;
  const cells = [
    one.model,
    one.parameters,
    verdict.name,
    verdict.expected.toFixed(4),
    `${verdict.mean.toFixed(4)} +- ${verdict.halfWidth.toFixed(4)}`,
    share + allowed,
    word(verdict),
    one.source,
  ];
  return `| ${cells.join(' | ')} |`;
}

function word(verdict: Verdict): string {
  if (verdict.distance <= 1) return 'inside';
  return verdict.correctedDistance <= 1 ? 'by chance' : 'outside';
}
