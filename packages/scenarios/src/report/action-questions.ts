import { mitigations } from '../mitigations/index.ts';
import { type MitigationTheme, mitigationThemes, themeTitles } from '../scenario/mitigation.ts';
import type { RunResult } from '../scenario/result.ts';
import { markdownTable, markdownText } from './markdown-text.ts';

/**
 * Questions for the action items of a postmortem: mitigations that touch what failed in a run, each with its cost and with what
 * it is known to leave out. None of them is a recommendation; the run has not tried them.
 */

/** Of one theme at most so many are asked for: a meeting reads no catalogue. */
const mostPerTheme = 3;

/** Parts of Markdown: how to read them, then a table for each theme that the run touches. */
export function actionQuestions(result: RunResult): string[] {
  const themes = touchedThemes(result);
  const tables = mitigationThemes
    .filter((theme) => themes.has(theme))
    .flatMap((theme) => {
      const asked = mitigations.filter(
        ({ id, theme: own }) => own === theme && !result.mitigations.some((applied) => applied.id === id),
      );
      if (asked.length === 0) return [];
      const rows = asked
        .slice(0, mostPerTheme)
        .map(({ id, title, costs, leavesOut }) => [`Would it have helped: ${title}?`, id, costs, leavesOut]);
      const columns = ['question', 'mitigation', 'costs', 'leaves out'].map((title) => ({
        title,
        align: 'left' as const,
      }));
      return [`**${markdownText(themeTitles[theme])}**`, markdownTable({ columns, rows })];
    });
  return [
    '**To write:** what will be done, by whom, until when, and how it will be seen to work.',
    ...(tables.length === 0
      ? []
      : [
          'Questions that this run raises and does not answer. Try one with `brownout compare` and its name, ' +
            'and see `brownout list` for all of them:',
          ...tables,
        ]),
  ];
}

/** Themes of what went wrong: the way of the change, what asked, what was asked, names, people. */
function touchedThemes({ causes, firstFailures, kpis }: RunResult): ReadonlySet<MitigationTheme> {
  const themes = new Set<MitigationTheme>();
  if (causes.length === 0) return themes;
  const add = (...found: readonly MitigationTheme[]): void => found.forEach((theme) => themes.add(theme));
  if (causes.some(({ kind }) => kind === 'rollout')) add('rollout', 'agents');
  if (firstFailures.some(({ resource }) => resource !== 'none')) add('control plane', 'clusters');
  if (firstFailures.some(({ resource }) => resource === 'seats' || resource === 'api-server-cpu')) add('flow control');
  if (causes.some(({ kind }) => kind === 'dns')) add('dns');
  if (typeof kpis['lockoutSeconds'] === 'number' && kpis['lockoutSeconds'] > 0) add('people');
  return themes;
}
