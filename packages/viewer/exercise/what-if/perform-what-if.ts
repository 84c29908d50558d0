/** The questions of the screen, answered. Runs in the worker. */
import {
  applyMitigations,
  engineVersion,
  mitigations,
  mitigationThemes,
  parseMitigationList,
  readLink,
  readRunFile,
  reduced,
  sourcesOf,
  themeTitles,
  type Mitigation,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { readRequest } from '../engine/read-source.ts';
import { runInTurns } from '../engine/run-in-turns.ts';
import type { Turns } from '../engine/turns.ts';
import type { Choices, MitigationChoice, WhatIfNews, WhatIfTask } from './what-if-tasks.ts';

/** Answers one question; undefined when it was given up on the way. */
export async function performWhatIf(task: WhatIfTask, turns: Turns): Promise<WhatIfNews | undefined> {
  switch (task.kind) {
    case 'choices':
      return { kind: 'choices', choices: choicesOf((await readRequest(task.request)).document) };
    case 'open':
      return { kind: 'opened', shared: task.form === 'link' ? readLink(task.text) : readRunFile(task.text) };
    case 'answer': {
      const { document, applied } = await readRequest(task.request);
      const { document: small, label, factor, losses } = reduced(document);
      const { seed, actions = [], crew = 'simulated', untilSeconds } = task.request;
      const options = { seed, applied, actions, crew, ...(untilSeconds === undefined ? {} : { untilSeconds }) };
      const live = await runInTurns({ document: small, name: String(small.id), options }, turns);
      return live && { kind: 'answer', answer: { label, factor, losses, result: live.result() } };
    }
  }
}

function choicesOf(document: ScenarioDocument): Choices {
  return {
    engine: engineVersion,
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
