/**
 * The informers of a controller process carried by reflectors on the control plane's watch caches: each type is listed and
 * watched as client-go does, fan-out, time-outs of watches and versions too old included.
 */
import type { Simulation } from '@brownout/core';
import { Reflectors } from '../client/reflectors.ts';
import { ReflectorState } from '../client/reflector-machine.ts';
import type { ReflectorOperations } from '../client/reflector-options.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Identity } from '../flow-control/identity.ts';
import type { InformerObserver, InformerSet } from './informers.ts';

/** One type that is reflected. */
export interface ReflectedType {
  /** Upstream plural name, as the watch caches know it. */
  readonly resource: string;
  readonly operations: ReflectorOperations;
}

/** Informers of one process, one reflector for each type. */
export class ReflectorInformers implements InformerSet {
  readonly #reflectors: readonly Reflectors[];
  readonly #observer: InformerObserver;
  /** From a stream's loss until every stream is open again; true before the first fill. */
  #isBroken = true;
  #isStarted = false;

  constructor(
    simulation: Simulation,
    name: string,
    types: readonly ReflectedType[],
    parts: { readonly controlPlane: ControlPlane; readonly identity: Identity; readonly observer: InformerObserver },
  ) {
    if (types.length === 0) throw new RangeError(`informers "${name}": types must not be empty`);
    this.#observer = parts.observer;
    const heard = (): void => this.#look();
    this.#reflectors = types.map(
      ({ resource, operations }) =>
        new Reflectors(
          simulation,
          name,
          {
            name: `${name}-${resource}`,
            clients: 1,
            describe: () => ({ ...parts.identity, resource }),
            isInside: true,
            resource,
            operations,
          },
          parts.controlPlane,
          { onSynced: heard, onStreaming: heard, onChange: heard, onLost: () => this.#lost() },
        ),
    );
  }

  get hasSynced(): boolean {
    return this.#reflectors.every((reflectors) => reflectors.hasSynced(0));
  }

  /** After a stream was lost: not before something is heard over a new one, or a new list. */
  get isCurrent(): boolean {
    return !this.#isBroken;
  }

  start(): void {
    this.stop();
    this.#isStarted = true;
    for (const reflectors of this.#reflectors) reflectors.start(0);
  }

  startFilled(server = 0): void {
    this.stop();
    this.#isStarted = true;
    this.#isBroken = false;
    for (const reflectors of this.#reflectors) reflectors.startSynced(0, server);
  }

  stop(): void {
    this.#isStarted = false;
    this.#isBroken = true;
    for (const reflectors of this.#reflectors) reflectors.stop(0);
  }

  /** A store that was just listed is current although its watch is only about to open. */
  #look(): void {
    if (!this.#isBroken || !this.#isStarted || !this.hasSynced) return;
    if (this.#reflectors.some((reflectors) => isCutOff(reflectors.state(0)))) return;
    this.#isBroken = false;
    this.#observer.informersSynced();
  }

  #lost(): void {
    if (this.#isBroken || !this.#isStarted) return;
    this.#isBroken = true;
    this.#observer.informersBroke();
  }
}

function isCutOff(state: ReflectorState): boolean {
  return state === ReflectorState.waitingToList || state === ReflectorState.waitingToWatch;
}
