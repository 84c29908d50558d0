/**
 * Somebody at a console: actions of the playbook and looks through the API, carried out once and at once, by whoever takes
 * part in a run. They go the ways that a playbook's steps go, meet what those meet, and write into the same books; what is
 * missing is the time that a simulated person needs.
 */
import { delay, type Duration, type Process, type Simulation, spawn } from '@brownout/core';
import { Status } from '../kubernetes/requests/api-request.ts';
import { type Chronicle, noCause, type NoteKind } from './chronicle.ts';
import { AdminAccess } from './playbook/admin-access.ts';
import { type AdminTarget, carryOut, isClusterAction, isRequest } from './playbook/carry-out.ts';
import { type ReadResource, readRequests } from './playbook/console-reads.ts';
import type { ClusterAction } from './playbook/effects.ts';
import { pathTime } from './playbook/path-times.ts';
import type { Playbook, PlaybookAction, StepPath } from './playbook/playbook.ts';
import type { Effect, TrafficLevers } from './playbook/scene.ts';
import { keepSteering } from './playbook/traffic-effects.ts';
import type { Site } from './site.ts';

/** How the people at the consoles are set up. */
export interface HandsOptions {
  readonly agent: string;
  readonly credential: Playbook['credential'];
  /** After so long kubectl gives a request up. */
  readonly requestTimeout: Duration;
}

/** What they reach. */
export interface HandsParts {
  readonly sites: readonly Site[];
  readonly traffic: TrafficLevers;
  readonly isFiring: (site: number) => boolean;
  readonly stopRollout: () => boolean;
}

/** What came of a command. */
export interface Outcome {
  readonly ok: boolean;
  /** How its last request to the API ended, if it sent any. */
  readonly status: Status | undefined;
  /** Why nothing was even tried. */
  readonly refusal?: string;
}

/** A command to carry out. */
export interface HandAction {
  readonly action: PlaybookAction;
  readonly path: StepPath;
  /** Place of the cluster; absent for actions for none in particular. */
  readonly site?: number | undefined;
}

/** Commands to one cluster along one path at a time: each has a connection of its own. More are turned away. */
const MOST_AT_ONCE = 16;

/** What somebody looks at. */
export interface Look {
  readonly resource: ReadResource;
  readonly isOne: boolean;
  /** The log of a pod. */
  readonly isLog?: boolean;
}

/**
 * `kubectl logs` gets the pod and then its log (documented: kubectl, pkg/polymorphichelpers/logsforobject.go), which the API
 * server fetches from the kubelet. Some lines of text cost it about what an object does (assumed).
 */
const LOG_REQUESTS = 2;

/** See the head of this file. */
export class Hands {
  readonly #simulation: Simulation;
  readonly #chronicle: Chronicle;
  readonly #options: HandsOptions;
  readonly #parts: HandsParts;
  /** Made when first needed: until then nobody has joined the clients of a cluster. */
  readonly #targets: (AdminTarget | undefined)[];

  constructor(simulation: Simulation, chronicle: Chronicle, options: HandsOptions, parts: HandsParts) {
    this.#simulation = simulation;
    this.#chronicle = chronicle;
    this.#options = options;
    this.#parts = parts;
    this.#targets = parts.sites.map(() => undefined);
  }

  /** Carries an action out; `onEnd` is told when it has come off or failed. */
  act(command: HandAction, onEnd: (outcome: Outcome) => void): void {
    spawn(this.#simulation, `console ${command.action.action}`, this.#act(command, onEnd));
  }

  /** Looks at a type of objects, or at one object of it. */
  read({ site, path, ...what }: { site: number; path: StepPath } & Look, onEnd: (outcome: Outcome) => void): void {
    spawn(this.#simulation, `console get ${what.resource}`, this.#read(this.#target(site), path, what, onEnd));
  }

  *#read(
    target: AdminTarget,
    path: StepPath,
    { resource, isOne, isLog }: Look,
    onEnd: (outcome: Outcome) => void,
  ): Process {
    if (this.#isCrowded(target, path)) {
      onEnd(crowded);
      return;
    }
    const { operation, requests } = isOne
      ? { operation: 'get', requests: isLog === true ? LOG_REQUESTS : 1 }
      : readRequests(target.site.cluster, resource);
    const status = yield* target.access.read(path, operation, requests);
    const { lockOut, id } = target.site;
    if (status === Status.ok) lockOut.succeeded(this.#simulation.now);
    else if (lockOut.failed(this.#simulation.now)) {
      this.#chronicle.note('lock-out', `get ${resource} fails: the API does not answer`, target.site.lastCause, id);
    }
    onEnd({ ok: status === Status.ok, status });
  }

  *#act(command: HandAction, onEnd: (outcome: Outcome) => void): Process {
    const { action, path, site } = command;
    const target = site === undefined ? undefined : this.#target(site);
    if (target !== undefined && isRequest(path) && this.#isCrowded(target, path)) {
      onEnd(crowded);
      return;
    }
    const time = pathTime(action.action, path);
    if (time > 0) yield delay(time);
    let status: Status | undefined;
    const ok = yield* isClusterAction(action)
      ? this.#deed(target!, action, path, (last) => (status = last))
      : this.#doElsewhere(action, site);
    onEnd({ ok, status });
  }

  #deed(target: AdminTarget, action: ClusterAction, path: StepPath, onStatus: (status: Status) => void): Effect {
    const { traffic } = this.#parts;
    const note = (kind: NoteKind, text: string): void => this.#note(kind, text, target.site);
    const parts = { simulation: this.#simulation, agent: this.#options.agent, traffic };
    return carryOut(parts, { target, action, path, note, onStatus });
  }

  *#doElsewhere(action: Exclude<PlaybookAction, ClusterAction>, site: number | undefined): Effect {
    const { traffic, sites, isFiring } = this.#parts;
    switch (action.action) {
      case 'stop-rollout': {
        const isStopped = this.#parts.stopRollout();
        if (isStopped) this.#chronicle.note('action', 'rollout stopped', noCause);
        return isStopped;
      }
      case 'steer-traffic': {
        const cases = sites.map((one, index) => ({ site: one, index }));
        const onSteered = ({ site: one }: { site: Site }, to: 'away' | 'back'): void =>
          this.#note('action', `traffic steered ${to}`, one);
        spawn(this.#simulation, 'steering', keepSteering(this.#simulation, traffic, cases, { ...action, onSteered }));
        return true;
      }
      case 'verify':
        if (action.looksAt === 'alert' && isFiring(site!)) return false;
        this.#note('recovery', 'operators call the cluster recovered', sites[site!]!);
        return true;
      case 'take-on':
      case 'hand-back':
        return false;
    }
  }

  #isCrowded(target: AdminTarget, path: StepPath): boolean {
    return target.access.busy(path) >= MOST_AT_ONCE;
  }

  #target(index: number): AdminTarget {
    const known = this.#targets[index];
    if (known !== undefined) return known;
    const site = this.#parts.sites[index]!;
    const { credential, requestTimeout: timeout } = this.#options;
    const access = new AdminAccess(this.#simulation, site.cluster, { credential, timeout, paths: [], name: 'console' });
    const target = { site, index, deleted: site.takenBack, access };
    this.#targets[index] = target;
    return target;
  }

  /** Whoever acts reacts to what the cluster suffers from. */
  #note(kind: NoteKind, text: string, site: Site): void {
    this.#chronicle.note(kind, text, site.lastCause, site.id);
  }
}

const crowded: Outcome = {
  ok: false,
  status: undefined,
  refusal: `expected at most ${MOST_AT_ONCE} commands at once to one cluster, got one more`,
};
