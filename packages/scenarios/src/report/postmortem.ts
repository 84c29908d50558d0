import type { RunResult } from '../scenario/result.ts';
import { sustainingGain } from '../scenario/why/loop.ts';
import { actionQuestions } from './action-questions.ts';
import { reportContent, type ReportContent } from './content.ts';
import { causeList, chartParts, storyTable } from './markdown.ts';
import { fenced, markdownTable, markdownText } from './markdown-text.ts';
import { measureText } from './measures.ts';
import { measureDefinitions } from '../scenario/measure-definitions.ts';
import { momentText, namesText, shareText, spanText } from './words.ts';

/**
 * The skeleton of a postmortem under the usual headings (Site Reliability Engineering, 2016, appendix D), filled with what the
 * run knows. What only people know is left open and marked; measures to take are asked for and never recommended: a run has
 * not shown what it did not simulate.
 */

/** The skeleton as Markdown, ending in a line break. */
export function postmortemMarkdown(result: RunResult): string {
  const content = reportContent(result);
  const parts = [
    `# Postmortem: ${markdownText(content.title)}`,
    '> A draft made from a simulated run. Lines that begin with **To write** are for people; everything else is what the run shows, ' +
      'which is not what happened: compare it with your own records.',
    todo('date of the incident, authors, status of this document.'),
    ...heading('Summary', markdownText(content.outcome), todo('the same in the words of those who were there.')),
    ...heading('Impact', ...impact(result, content)),
    ...heading('Root Causes', ...rootCauses(result, content)),
    ...heading('Trigger', trigger(result)),
    ...heading('Resolution', resolution(content), todo('what else was tried, and what made the difference.')),
    ...heading(
      'Detection',
      detection(result),
      todo('who noticed first, how, and what was looked at that did not show it.'),
    ),
    ...heading('Action Items', ...actionQuestions(result)),
    ...heading(
      'Lessons Learned',
      ['### What went well', todo('what went well.')].join('\n\n'),
      ['### What went wrong', wentWrong(result), todo('what went wrong.')].filter((part) => part !== '').join('\n\n'),
      ['### Where we got lucky', todo('what might have made it worse and did not.')].join('\n\n'),
    ),
    ...heading('Timeline', `Times of day in ${markdownText(result.clock.zone)}.`, markdownTable(storyTable(content))),
    ...heading('Supporting information', ...supporting(result, content)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function heading(title: string, ...parts: readonly string[]): string[] {
  return [`## ${title}`, ...parts.filter((part) => part !== '')];
}

function todo(what: string): string {
  return `**To write:** ${what}`;
}

function impact(result: RunResult, { products, clusters }: ReportContent): string[] {
  const wanted = [
    'firstUserError',
    'peakImpact',
    'peakErrorShare',
    'outageSeconds',
    'usersAffectedShare',
    'clustersLost',
  ];
  const lines = measureDefinitions
    .filter(({ name }) => wanted.includes(name) && name in result.kpis)
    .map((definition) => `- ${definition.title}: ${measureText(result, definition)}`);
  return [
    lines.join('\n'),
    ...[products, clusters].filter(({ rows }) => rows.length > 0).map(markdownTable),
    todo('users, money, promises broken: what these shares meant.'),
  ];
}

function rootCauses(result: RunResult, content: ReportContent): string[] {
  const strong = (result.loops ?? []).filter(({ gain }) => gain !== null && gain.overall >= sustainingGain);
  const names = [...new Set(strong.map(({ name }) => name))];
  const loops = names.map((name) => {
    const where = strong.filter((one) => one.name === name).map(({ cluster }) => cluster);
    return `- ${markdownText(name)}, in ${markdownText(namesText(where, 6))}`;
  });
  return [
    content.causes.length === 0
      ? 'No user request failed, so there is no chain of causes.'
      : `Why the first user request failed:\n\n${causeList(content.causes)}`,
    loops.length === 0 ? '' : `Feedback loops that nearly or fully kept themselves going:\n\n${loops.join('\n')}`,
    todo('why the system and the organisation allowed each of these links.'),
  ];
}

function trigger({ causes, clock }: RunResult): string {
  const last = causes.at(-1);
  if (last === undefined || !['rollout', 'trigger'].includes(last.kind)) {
    return `The trigger of the scenario is at ${momentText({ clock }, 0)}. ${todo('what was changed, by whom, and why then.')}`;
  }
  const where = last.cluster === undefined ? '' : `${last.cluster}: `;
  return `${last.clock}, ${markdownText(`${where}${last.text}`)}.\n\n${todo('why it was changed, and how it was tested.')}`;
}

/** What the operators did, and when each cluster was well again. */
function resolution({ story }: ReportContent): string {
  const done = story.filter(({ kind }) => kind === 'action' || kind === 'recovery');
  if (done.length === 0) return 'The run shows no action of an operator and no recovery.';
  return done.map(({ clock, after, text }) => `- ${clock} (${after}) ${markdownText(text)}`).join('\n');
}

function detection(result: RunResult): string {
  const at = (name: string): number | undefined => {
    const value = result.kpis[name];
    return typeof value === 'number' ? value : undefined;
  };
  const [saturation, alert, error] = [at('firstSaturation'), at('firstAlert'), at('firstUserError')];
  if (alert === undefined) return 'No alert fires in this run.';
  const compared = (name: string, other: number | undefined): string => {
    if (other === undefined) return '';
    const size = spanText(Math.abs(alert - other));
    return alert === other ? `, together with ${name}` : `, ${size} ${alert > other ? 'after' : 'before'} ${name}`;
  };
  const parts = [compared('the first saturated API server', saturation), compared('the first user errors', error)];
  return `The first alert fires at ${momentText(result, alert)}${parts.join('')}.`;
}

function wentWrong(result: RunResult): string {
  const { lockoutSeconds, wastedWorkShare } = result.kpis;
  const lines: string[] = [];
  if (typeof lockoutSeconds === 'number' && lockoutSeconds > 0) {
    lines.push(`- Operators were locked out of the worst cluster for ${spanText(lockoutSeconds)}.`);
  }
  if (typeof wastedWorkShare === 'number' && wastedWorkShare >= 0.01) {
    lines.push(
      `- ${shareText(wastedWorkShare)} of the CPU time of API servers went into answers nobody waited for any more.`,
    );
  }
  return lines.join('\n');
}

function supporting(result: RunResult, content: ReportContent): string[] {
  return [
    ...chartParts(result).map((part) => part.replace(/^## /, '### ')),
    ...(content.comparison.rows.length === 0 ? [] : ['### Published and simulated', markdownTable(content.comparison)]),
    '### The run',
    fenced(content.replay),
    markdownText(content.identity),
    `Of its values ${content.sourceSummary || 'none have a source'}; the report (\`--format markdown\`) lists those that were assumed.`,
    content.warnings.length === 0
      ? ''
      : content.warnings.map((line) => `- Be careful: ${markdownText(line)}`).join('\n'),
  ].filter((part) => part !== '');
}
