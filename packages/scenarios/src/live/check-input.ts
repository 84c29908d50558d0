/** From an input as somebody writes it to what the model carries out; whatever is wrong with it is said at once. */
import * as z from 'zod';
import {
  apiPaths,
  globalActions,
  pathsOf,
  type PlaybookAction,
  type StepPath,
} from '../operations/playbook/playbook.ts';
import { type ReadResource, readResources } from '../operations/playbook/console-reads.ts';
import { DocumentError } from '../scenario/document-error.ts';
import type { Scenario } from '../scenario/document.ts';
import { reducedAction } from '../scenario/reduction.ts';
import { faultProblems } from '../scenario/faults-checks.ts';
import { didYouMean } from '../scenario/nearest-name.ts';
import { parseDocument } from '../scenario/parse.ts';
import { faultsSection, type TimedFaultSection } from '../scenario/sections/faults.ts';
import { problemsBeside, stepProblems } from '../scenario/sections/playbook-checks.ts';
import { playbookStep } from '../scenario/sections/playbook-step.ts';
import { show } from '../scenario/wording.ts';
import type { ActInput, FaultInput, LiveInput, NoteInput, ReadInput } from './live-input.ts';

/** An input that can be carried out. */
export type CheckedInput =
  | {
      readonly kind: 'act';
      readonly action: PlaybookAction;
      readonly path: StepPath;
      readonly site: number | undefined;
    }
  | { readonly kind: 'read'; readonly site: number; readonly resource: ReadResource; readonly path: StepPath }
  | { readonly kind: 'fault'; readonly fault: TimedFaultSection }
  | { readonly kind: 'note' };

const kinds: readonly LiveInput['kind'][] = ['act', 'read', 'fault', 'note'];
/** Texts of people are kept in the log: no longer than this. */
const LONGEST_TEXT = 2_000;
/** Actions on a crew that nobody at a console has. */
const crewActions: readonly PlaybookAction['action'][] = ['take-on', 'hand-back'];

/** Checks an input at `now`, in seconds after the trigger. Throws RangeError with part, expected, got. */
export function checkInput(scenario: Scenario, input: LiveInput, now: number): CheckedInput {
  if (typeof input !== 'object' || input === null || !kinds.includes(input.kind)) {
    throw new RangeError(
      `input: expected a kind among ${kinds.join(', ')}, got ${show((input as LiveInput | null)?.kind)}`,
    );
  }
  checkText('by', input.by);
  switch (input.kind) {
    case 'act':
      return checkAct(scenario, input);
    case 'read':
      return checkRead(scenario, input);
    case 'fault':
      return { kind: 'fault', fault: checkFault(scenario, input, now) };
    case 'note':
      checkText('text', (input satisfies NoteInput).text);
      return { kind: 'note' };
  }
}

function checkAct(scenario: Scenario, input: ActInput): CheckedInput {
  const { action, path } = input;
  const written = { ...(action as object), path };
  const [step] = parsed(z.array(playbookStep()), [written], 'action');
  const { action: name } = step!.action;
  if (crewActions.includes(name)) {
    throw new RangeError(`action: expected one that somebody at a console can take, got "${name}"`);
  }
  const own = stepProblems([step!]).map(({ path: [, ...rest], message }) => ({ path: rest, message }));
  const [first] = [...own, ...problemsBeside({ ...step!, crew: 0 }, scenario)];
  if (first !== undefined) throw new RangeError(`action ${name}: ${first.path.join('.')}: ${first.message}`);
  const isGlobal = globalActions.includes(name);
  if (isGlobal && input.cluster !== undefined) {
    throw new RangeError(`action ${name}: expected no cluster, got ${show(input.cluster)}`);
  }
  const site = isGlobal ? undefined : siteOf(scenario, input.cluster);
  return { kind: 'act', action: reducedAction(step!.action, scenario.reduction?.factor ?? 1), path: step!.path, site };
}

function checkRead(scenario: Scenario, { cluster, resource, name, subresource, path }: ReadInput): CheckedInput {
  const site = siteOf(scenario, cluster);
  if (!readResources.includes(resource)) {
    const hint = typeof resource === 'string' ? didYouMean(resource, readResources) : '';
    throw new RangeError(`read: expected a resource among ${readResources.join(', ')}, got ${show(resource)}${hint}`);
  }
  if (!apiPaths.includes(path)) {
    throw new RangeError(`read: expected a path among ${apiPaths.join(', ')}, got ${show(path)}`);
  }
  if (path === 'break-glass' && scenario.operators.breakGlass === null) {
    throw new RangeError('read: path: expected operators.breakGlass to be there, got null');
  }
  if (name !== undefined) checkText('name', name);
  if (subresource !== undefined && (subresource !== 'log' || resource !== 'pods' || name === undefined)) {
    throw new RangeError(`read: subresource: expected log, of a pod by its name, got ${show(subresource)}`);
  }
  return { kind: 'read', site, resource, path };
}

function checkFault(scenario: Scenario, { fault }: FaultInput, now: number): TimedFaultSection {
  const written = { at: `${now} s`, ...(fault as object) };
  const [read] = parsed(faultsSection(), [written], 'fault');
  const [problem] = faultProblems({ ...scenario, faults: [read!] });
  if (problem !== undefined) {
    throw new RangeError(`fault ${read!.kind}: ${problem.path.slice(1).join('.')}: ${problem.message}`);
  }
  if (read!.until !== undefined && read!.until <= now * 1_000_000) {
    throw new RangeError(`fault ${read!.kind}: expected until after ${now} s, got ${read!.until / 1_000_000} s`);
  }
  return read!;
}

/** The actions that somebody at a console can take, with the ways they can go. */
export const consoleActions: readonly {
  readonly action: PlaybookAction['action'];
  readonly paths: readonly StepPath[];
}[] = Object.entries(pathsOf)
  .map(([action, paths]) => ({ action: action as PlaybookAction['action'], paths }))
  .filter(({ action }) => !crewActions.includes(action));

function siteOf({ clusters }: Scenario, cluster: string | undefined): number {
  const ids = clusters.map(({ id }) => id);
  const site = cluster === undefined ? -1 : ids.indexOf(cluster);
  if (site >= 0) return site;
  const hint = typeof cluster === 'string' ? didYouMean(cluster, ids) : '';
  throw new RangeError(`cluster: expected one of ${ids.join(', ')}, got ${show(cluster)}${hint}`);
}

function checkText(part: string, text: unknown): void {
  if (typeof text === 'string' && text.length > 0 && text.length <= LONGEST_TEXT) return;
  throw new RangeError(`input ${part}: expected a text of 1 to ${LONGEST_TEXT} characters, got ${show(text)}`);
}

function parsed<Output>(schema: z.ZodType<Output>, data: unknown, what: string): Output {
  try {
    return parseDocument(schema, data, what);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const { path, message } = error.problems[0]!;
    throw new RangeError(`${what}${path.replace(/^\[0\]/, '')}: ${message}`);
  }
}
