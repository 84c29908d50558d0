/** What the reader has changed, as data: values of mitigations and of places in the document; and as the texts of a request. */
import type { LiveAction, LiveInput, MitigationParameter, SharedRun } from '@brownout/scenarios';
import type { RunRequest } from '../engine/protocol.ts';

/** Values by parameter, as they are typed; those that are not there are the defaults. */
export type MitigationTexts = Readonly<Record<string, string>>;

/** Everything that is changed, in the order in which it was chosen. */
export interface Changes {
  readonly mitigations: ReadonlyMap<string, MitigationTexts>;
  /** By path. */
  readonly assignments: ReadonlyMap<string, string>;
  /** What people do in the branch, in the order of time, numbered from 0. */
  readonly actions: readonly LiveAction[];
}

/** Nothing. */
export const noChanges: Changes = { mitigations: new Map(), assignments: new Map(), actions: [] };

/** Whether nothing is changed. */
export function isUnchanged({ mitigations, assignments, actions }: Changes): boolean {
  return mitigations.size === 0 && assignments.size === 0 && actions.length === 0;
}

/** A mitigation chosen with its defaults, or no more. */
export function toggled(changes: Changes, id: string): Changes {
  const mitigations = new Map(changes.mitigations);
  if (!mitigations.delete(id)) mitigations.set(id, {});
  return { ...changes, mitigations };
}

/** A parameter of a chosen mitigation at another value; '' = its default. */
export function withParameter(changes: Changes, id: string, name: string, text: string): Changes {
  const { [name]: _, ...others } = changes.mitigations.get(id) ?? {};
  const texts = text.trim() === '' ? others : { ...others, [name]: text.trim() };
  return { ...changes, mitigations: new Map(changes.mitigations).set(id, texts) };
}

/** A place in the document at another value; undefined = as the document has it. */
export function withAssignment(changes: Changes, path: string, text: string | undefined): Changes {
  const assignments = new Map(changes.assignments);
  if (text === undefined || text.trim() === '') assignments.delete(path);
  else assignments.set(path, text.trim());
  return { ...changes, assignments };
}

/** Something is done besides, at so many seconds after the trigger; at one instant what was chosen first comes first. */
export function withAction(changes: Changes, t: number, input: LiveInput): Changes {
  const before = changes.actions.filter((action) => action.t <= t);
  const after = changes.actions.slice(before.length);
  return { ...changes, actions: [...before, { id: 0, t, input }, ...after].map((action, id) => ({ ...action, id })) };
}

/** One thing is not done. */
export function withoutAction(changes: Changes, wrong: number): Changes {
  const actions = changes.actions.filter(({ id }) => id !== wrong).map((action, id) => ({ ...action, id }));
  return { ...changes, actions };
}

/** The request of a branch: that of the baseline, and the changes behind its own. */
export function branchRequest(baseline: RunRequest, changes: Changes): RunRequest {
  const assignments = [...changes.assignments].map(([path, text]) => `${path}=${text}`);
  const mitigations = [...changes.mitigations].map(([id, texts]) => mitigationText(id, texts));
  return {
    ...baseline,
    assignments: [...(baseline.assignments ?? []), ...assignments],
    mitigations: [...(baseline.mitigations ?? []), ...mitigations],
    ...(changes.actions.length === 0 ? {} : { actions: changes.actions }),
  };
}

/** The changes that texts mean, as they come with a link. What cannot be read here is kept, for the engine to refuse in words. */
export function changesOf({
  assignments = [],
  mitigations = [],
  actions = [],
}: Pick<SharedRun, 'assignments' | 'mitigations' | 'actions'>): Changes {
  return {
    actions,
    assignments: new Map(
      assignments.map((text) => {
        const equals = text.indexOf('=');
        return equals < 0 ? [text, ''] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
      }),
    ),
    mitigations: new Map(mitigations.flatMap((text) => text.split('+')).map(mitigationFrom)),
  };
}

/** The default of a parameter as one types it. */
export function defaultText(parameter: MitigationParameter): string {
  return parameter.kind === 'names' ? parameter.default.join('/') : String(parameter.default);
}

function mitigationText(id: string, texts: MitigationTexts): string {
  const values = Object.entries(texts).map(([name, text]) => `${name}=${text}`);
  return values.length === 0 ? id : `${id}:${values.join(',')}`;
}

function mitigationFrom(text: string): [string, MitigationTexts] {
  const colon = text.indexOf(':');
  if (colon < 0) return [text.trim(), {}];
  const values = text
    .slice(colon + 1)
    .split(',')
    .filter((value) => value.trim() !== '')
    .map((value): [string, string] => {
      const equals = value.indexOf('=');
      return equals < 0 ? [value.trim(), ''] : [value.slice(0, equals).trim(), value.slice(equals + 1).trim()];
    });
  return [text.slice(0, colon).trim(), Object.fromEntries(values)];
}
