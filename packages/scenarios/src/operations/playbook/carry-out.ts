/**
 * One try of an action on one cluster, whoever makes it - a step of a playbook or somebody at a console: along a path to the
 * API the requests that kubectl makes of it, and what they meet goes into the cluster's book of lock-outs; then what the
 * action brings about. How long people need is not in here.
 */
import type { Simulation, Wait } from '@brownout/core';
import { Status } from '../../kubernetes/requests/api-request.ts';
import type { NoteKind } from '../chronicle.ts';
import type { AdminAccess } from './admin-access.ts';
import { type ClusterAction, effectOf } from './effects.ts';
import { type ActionName, apiPaths, type PlaybookAction, type StepPath } from './playbook.ts';
import type { Effect, Target, TrafficLevers } from './scene.ts';

/** Actions that take the change back by writing its object. */
export const takingBack: readonly ActionName[] = ['roll-back', 'delete-daemonset'];

/** A cluster with a way to its API. */
export interface AdminTarget extends Target {
  readonly access: AdminAccess;
}

/** What is to be done, to what, and where it is noted. */
export interface Deed {
  readonly target: AdminTarget;
  readonly action: ClusterAction;
  readonly path: StepPath;
  /** Requests of one try where the path is one to the API; absent = as kubectl sends them. */
  readonly requests?: number | undefined;
  readonly note: (kind: NoteKind, text: string) => void;
  /** Told the status that the last request ended with. */
  readonly onStatus?: (status: Status) => void;
}

/** What deeds need beside their cluster. */
export interface DeedParts {
  readonly simulation: Simulation;
  readonly agent: string;
  readonly traffic: TrafficLevers;
}

/** Whether an action goes through the API servers. */
export function isRequest(path: StepPath): boolean {
  return apiPaths.includes(path);
}

/** True when it has come off. */
export function* carryOut(parts: DeedParts, deed: Deed): Effect {
  if (isRequest(deed.path) && !(yield* getThrough(parts, deed))) return false;
  const { target, action } = deed;
  if (isRequest(deed.path) && takingBack.includes(action.action) && target.deleted.isFired) return true;
  return yield* effectOf({ ...parts, target, note: deed.note }, action);
}

/** The requests; whether they reached what they were for, perhaps because somebody else did so first. */
function* getThrough({ simulation }: DeedParts, deed: Deed): Generator<Wait, boolean, number> {
  const { target, path, action, requests } = deed;
  const { lockOut } = target.site;
  const status = yield* target.access.send(path, action.action, requests);
  deed.onStatus?.(status);
  if (takingBack.includes(action.action) && target.deleted.isFired) return true;
  if (status !== Status.ok) {
    if (lockOut.failed(simulation.now)) deed.note('lock-out', `${action.action} fails: the API does not answer`);
    return false;
  }
  lockOut.succeeded(simulation.now);
  return true;
}

/** Whether an action is done to a cluster by what `effects.ts` says, and not to the operators themselves or to no cluster. */
export function isClusterAction(action: PlaybookAction): action is ClusterAction {
  switch (action.action) {
    case 'stop-rollout':
    case 'steer-traffic':
    case 'take-on':
    case 'hand-back':
    case 'verify':
      return false;
    default:
      return true;
  }
}
