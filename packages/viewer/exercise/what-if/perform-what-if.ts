/** The questions of the screen, answered. Runs in the worker. */
import {
  applyMitigations,
  engineVersion,
  mitigations,
  mitigationThemes,
  parseMitigationList,
  readLink,
  readRunFile,
  sourcesOf,
  themeTitles,
  type Mitigation,
  type Scenario,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { readRequest } from '../engine/read-source.ts';
import type { Turns } from '../engine/turns.ts';
import { actionChoices } from './action-choices.ts';
import { firstAnswer } from './first-answer.ts';
import type { Choices, MitigationChoice, WhatIfNews, WhatIfTask } from './what-if-tasks.ts';

/** Answers one question, of a long one by `tell` what there is on the way; undefined when it was given up. */
export async function performWhatIf(
  task: WhatIfTask,
  turns: Turns,
  tell: (news: WhatIfNews) => void,
): Promise<WhatIfNews | undefined> {
  switch (task.kind) {
    case 'choices':
      return { kind: 'choices', choices: choicesOf(await readRequest(task.request)) };
    case 'open':
      return { kind: 'opened', shared: task.form === 'link' ? readLink(task.text) : readRunFile(task.text) };
    case 'answer': {
      const answer = await firstAnswer(task.request, turns, (part) => tell({ kind: 'answer', answer: part }));
      return answer && { kind: 'answer', answer };
    }
  }
}

function choicesOf({
  document,
  scenario,
}: {
  readonly document: ScenarioDocument;
  readonly scenario: Scenario;
}): Choices {
  return {
    engine: engineVersion,
    actions: actionChoices(scenario),
    clusters: scenario.clusters.map(({ id }) => id),
    themes: mitigationThemes.map((id) => ({ id, title: themeTitles[id] })),
    mitigations: mitigations.map((one) => mitigationChoice(document, one)),
    parameters: sourcesOf(document).map(({ path, text, source, note }) => ({
      path: withClusterId(path, document),
      text,
      source,
      note,
      isSingle: !/^[[{]/.test(text),
    })),
  };
}

function mitigationChoice(document: ScenarioDocument, mitigation: Mitigation): MitigationChoice {
  const { id, theme, title, what, costs, leavesOut, parameters } = mitigation;
  const { applied } = applyMitigations(document, parseMitigationList(id, [mitigation]));
  const difference = applied.flatMap((one) => one.difference);
  return { id, theme, title, what, costs, leavesOut, parameters, difference };
}

/** `clusters[large-1].nodes` says more than `clusters[6].nodes`. */
function withClusterId(path: string, { clusters }: ScenarioDocument): string {
  return path.replace(/^clusters\[(\d+)\]/, (whole, index: string) => {
    const id = clusters[Number(index)]?.id;
    return typeof id === 'string' ? `clusters[${id}]` : whole;
  });
}
