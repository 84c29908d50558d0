/** What no single step of a playbook shows: names that must exist, ways that an action cannot go, steps that wait in a circle. */
import { idsBefore, listNames } from '../../operations/playbook/conditions.ts';
import {
  type ActionName,
  apiPaths,
  globalActions,
  pathsOf,
  type PlaybookStep,
} from '../../operations/playbook/playbook.ts';
import {
  createFlowControlConfiguration,
  type FlowControlConfiguration,
} from '../../kubernetes/flow-control/configuration.ts';
import type { KubernetesSection, Scenario } from '../document.ts';
import { flowControlOf, settingsOf } from '../kubernetes-settings.ts';
import { didYouMean } from '../nearest-name.ts';
import { orList } from '../wording.ts';

/** A mistake, with its place below the list of steps. */
export interface StepProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Actions on what instances download when they start: a try of one where nothing does comes to nothing, for ever. */
const startUpActions: readonly ActionName[] = ['warm-caches', 'limit-start-ups'];

/** Mistakes that the list alone shows. */
export function stepProblems(steps: readonly PlaybookStep[]): StepProblem[] {
  const ids = steps.map(({ id }) => id);
  const problems = steps.flatMap((step, index) => [
    ...(ids.indexOf(step.id) < index ? [{ path: [index, 'id'], message: `step "${step.id}" stands here twice` }] : []),
    ...waysOf(step).map((problem) => ({ ...problem, path: [index, ...problem.path] })),
    ...namesOf(step, steps).map((problem) => ({ ...problem, path: [index, 'when', ...problem.path] })),
  ]);
  return [...problems, ...handBackOf(steps), ...circleOf(steps)];
}

/** What of a document the steps of a playbook depend on. */
type Surroundings = Pick<Scenario, 'operators' | 'kubernetes' | 'dataPlane'>;

/** Mistakes that show beside the rest of the document. Paths begin below `operators.playbook`. */
export function playbookProblems(scenario: Surroundings): StepProblem[] {
  const { playbook } = scenario.operators;
  return (['steps', 'also'] as const).flatMap((list) =>
    (playbook?.[list] ?? []).flatMap((step, index) =>
      problemsBeside(step, scenario).map(({ path, message }) => ({ path: [list, index, ...path], message })),
    ),
  );
}

/** Mistakes of one step that show beside the rest of the document. Paths begin below the step. */
export function problemsBeside({ action, path, crew }: PlaybookStep, scenario: Surroundings): StepProblem[] {
  const { operators, kubernetes, dataPlane } = scenario;
  const reinforcements = operators.playbook?.reinforcements ?? [];
  const people = reinforcements.reduce((sum, { members }) => sum + members, operators.crew);
  const problems: StepProblem[] = [];
  if (path === 'break-glass' && operators.breakGlass === null) {
    problems.push({ path: ['path'], message: 'expected operators.breakGlass to be there, got null' });
  }
  if (crew > people) {
    problems.push({ path: ['crew'], message: `expected at most the ${people} of the crew, got ${crew}` });
  }
  if (action.action === 'flow-schema') {
    const message = levelProblem(action.priorityLevel, kubernetes);
    if (message !== undefined) problems.push({ path: ['priorityLevel'], message });
  }
  if (startUpActions.includes(action.action) && dataPlane?.startUp.download === undefined) {
    const message = `expected dataPlane.startUp.download to be there for ${action.action}, got none`;
    problems.push({ path: ['action'], message });
  }
  return problems;
}

function levelProblem(name: string, kubernetes: KubernetesSection): string | undefined {
  const configuration = configurationOf(kubernetes);
  // What is wrong with it is said in its own place.
  if (configuration === undefined) return undefined;
  if (!configuration.usesPriorityAndFairness) return 'expected priority and fairness to be on, got it off';
  const names = configuration.priorityLevels.map((level) => level.name);
  return names.includes(name) ? undefined : `expected ${orList(names)}, got "${name}"${didYouMean(name, names)}`;
}

function configurationOf(kubernetes: KubernetesSection): FlowControlConfiguration | undefined {
  try {
    return createFlowControlConfiguration(flowControlOf(kubernetes, settingsOf(kubernetes, 1)));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

function waysOf({ action: { action }, path, scope, failureChance, requests, crew }: PlaybookStep): StepProblem[] {
  const problems: StepProblem[] = [];
  const isRequest = apiPaths.includes(path);
  if (!pathsOf[action].includes(path)) {
    problems.push({ path: ['path'], message: `expected ${orList(pathsOf[action])} for ${action}, got "${path}"` });
  }
  if (globalActions.includes(action) !== (scope === 'once')) {
    const expected = globalActions.includes(action) ? 'once' : 'affected or all';
    problems.push({ path: ['scope'], message: `expected ${expected} for ${action}, got "${scope}"` });
  }
  if (isRequest && failureChance > 0) {
    problems.push({ path: ['failureChance'], message: `expected none on path ${path}: its requests decide` });
  }
  if (!isRequest && requests !== undefined) {
    problems.push({ path: ['requests'], message: `expected none on path ${path}: it sends no requests to the API` });
  }
  if (action === 'take-on' && crew === 0) problems.push({ path: ['crew'], message: 'expected at least 1, got 0' });
  return problems;
}

function namesOf(step: PlaybookStep, steps: readonly PlaybookStep[]): StepProblem[] {
  const ids = steps.map(({ id }) => id);
  const problems: StepProblem[] = [];
  for (const name of listNames) {
    (step.when[name] ?? []).forEach((id, place) => {
      const other = steps.find((one) => one.id === id);
      if (other === undefined) {
        const message = `expected the id of a step (${ids.join(', ')}), got "${id}"${didYouMean(id, ids)}`;
        problems.push({ path: [name, place], message });
      } else if (step.scope === 'once' && other.scope !== 'once') {
        problems.push({ path: [name, place], message: `"${id}" is done cluster by cluster, and "${step.id}" once` });
      }
    });
  }
  return problems;
}

/** Who takes clusters on must give them back, or the crew is gone for ever. */
function handBackOf(steps: readonly PlaybookStep[]): StepProblem[] {
  const index = steps.findIndex(({ action }) => action.action === 'take-on');
  if (index < 0 || steps.some(({ action }) => action.action === 'hand-back')) return [];
  return [{ path: [index], message: 'expected a step with action hand-back besides, got none' }];
}

/** Steps that wait for each other would never begin. */
function circleOf(steps: readonly PlaybookStep[]): StepProblem[] {
  const before = new Map(steps.map((step) => [step.id, idsBefore(step.when)]));
  const isSafe = new Set<string>();
  const circleFrom = (id: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id];
    if (isSafe.has(id)) return undefined;
    for (const earlier of before.get(id) ?? []) {
      const circle = circleFrom(earlier, [...trail, id]);
      if (circle !== undefined) return circle;
    }
    isSafe.add(id);
    return undefined;
  };
  for (const [index, { id }] of steps.entries()) {
    const circle = circleFrom(id, []);
    if (circle === undefined) continue;
    return [{ path: [index, 'when'], message: `steps wait for each other: ${[...circle].reverse().join(' -> ')}` }];
  }
  return [];
}
