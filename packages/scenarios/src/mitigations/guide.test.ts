/** docs/guides/mitigations.md is made from the definitions. */
import { expect, it } from 'vitest';
import { type Mitigation, type MitigationParameter, mitigationThemes, themeTitles } from '../scenario/mitigation.ts';
import { textOf } from '../scenario/provenance.ts';
import { mitigations } from './index.ts';

const head = `# Mitigations

A mitigation is a named change to a scenario document. \`--mitigate id:name=value,name=value\` applies one, \`+\` combines them, in
the order written; the run prints what each has changed, line by line. On a document that has nothing to change it changes
nothing. How one is written: [CONTRIBUTING.md](../../CONTRIBUTING.md#add-a-mitigation); why they are recipes:
[decision 0032](../decisions/0032-mitigations-are-immer-recipes.md). What each does to a small outage, argued before it is run,
is in \`packages/scenarios/src/mitigations/effects*.test.ts\`; some of them do not help there, and the tests say why.

This page is written by a test from the definitions; \`brownout list\` prints the same.
`;

function section(mitigation: Mitigation): string {
  const { id, title, what, costs, leavesOut } = mitigation;
  const rows = Object.entries(mitigation.parameters).map(
    ([name, parameter]) => `| \`${name}\` | ${textOf(parameter.default)} | ${describe(parameter)} |`,
  );
  const table = rows.length === 0 ? [] : ['', '| Parameter | Default | Meaning |', '| --- | --- | --- |', ...rows];
  return [
    `### \`${id}\``,
    '',
    `**${title}.** ${what}`,
    '',
    `- Costs: ${costs}`,
    `- Leaves out: ${leavesOut}`,
    ...table,
  ].join('\n');
}

function describe(parameter: MitigationParameter): string {
  return parameter.kind === 'choice'
    ? `${parameter.description}: ${parameter.options.join(', ')}`
    : parameter.description;
}

it('the guide is what the definitions say', async () => {
  const themes = mitigationThemes.flatMap((theme) => {
    const found = mitigations.filter((one) => one.theme === theme);
    return found.length === 0 ? [] : [`## ${themeTitles[theme]}`, ...found.map(section)];
  });
  const page = `${[head.trimEnd(), ...themes].join('\n\n')}\n`;
  await expect(page).toMatchFileSnapshot('../../../../docs/guides/mitigations.md');
});

it('lists are in the order of their themes', () => {
  const ranks = mitigations.map(({ theme }) => mitigationThemes.indexOf(theme));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
});
