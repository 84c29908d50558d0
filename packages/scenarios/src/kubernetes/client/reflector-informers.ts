/**
 * The informers of a controller process as reflectors: one for each type it watches, filled by LIST and kept current by
 * WATCH. Where the control plane models watches they take the place of informers that only list.
 */
import type { Simulation } from '@brownout/core';
import type { ControlPlane } from '../control-plane.ts';
import type { InformerObserver, InformerSet } from '../controllers/informers.ts';
import type { Identity } from '../flow-control/identity.ts';
import { ReflectorState } from './reflector-machine.ts';
import type { ReflectorOperations } from './reflector-options.ts';
import { Reflectors } from './reflectors.ts';

/** One type that a controller watches. */
export interface WatchedInformerType {
  /** Upstream plural name. */
  readonly resource: string;
  readonly operations: ReflectorOperations;
}

/** See above. */
export class ReflectorInformers implements InformerSet {
  /** One for each type, in the order given. */
  readonly reflectors: readonly Reflectors[];
  readonly #observer: InformerObserver;
  #isRunning = false;
  #wasCurrent = false;

  constructor(
    simulation: Simulation,
    name: string,
    types: readonly WatchedInformerType[],
    parts: {
      readonly controlPlane: ControlPlane;
      readonly identity: Identity;
      readonly observer: InformerObserver;
      /** Events of a type, by its number. */
      readonly onChange?: (type: number, events: number) => void;
    },
  ) {
    if (types.length === 0) throw new RangeError(`informers "${name}": types must not be empty`);
    this.#observer = parts.observer;
    this.reflectors = types.map(
      ({ resource, operations }, type) =>
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
          {
            onSynced: () => {},
            onChange: (_client, events) => parts.onChange?.(type, events),
            onStreaming: () => this.#look(),
            onLost: () => this.#look(),
          },
        ),
    );
  }

  get hasSynced(): boolean {
    return this.reflectors.every((reflector) => reflector.hasSynced(0));
  }

  get isCurrent(): boolean {
    return this.reflectors.every((reflector) => reflector.state(0) === ReflectorState.streaming);
  }

  start(): void {
    this.stop();
    this.#isRunning = true;
    for (const reflector of this.reflectors) reflector.start(0);
  }

  startFilled(server = 0): void {
    this.stop();
    for (const reflector of this.reflectors) reflector.startSynced(0, server);
    this.#isRunning = true;
    this.#wasCurrent = true;
  }

  stop(): void {
    this.#isRunning = false;
    this.#wasCurrent = false;
    for (const reflector of this.reflectors) reflector.stop(0);
  }

  /** Tells when the last stream is open again, and when the first one is lost. */
  #look(): void {
    const { isCurrent } = this;
    if (!this.#isRunning || isCurrent === this.#wasCurrent) return;
    this.#wasCurrent = isCurrent;
    if (isCurrent) this.#observer.informersSynced();
    else this.#observer.informersBroke();
  }
}
