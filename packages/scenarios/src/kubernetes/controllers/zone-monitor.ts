/**
 * The zones of a cluster as the node lifecycle controller counts them in each pass, and what it decides at the end of one:
 * at which rate each zone's nodes are tainted, and whether everything is down, in which case it is more likely that the
 * controller is cut off than that all machines died, and it stops.
 * Source: kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go (handleDisruption).
 */
import { type TaintRates, taintRate, type ZoneState, zoneState } from './zone-state.ts';

/** What a pass led to. */
export type Disruption = 'none' | 'entered' | 'left';

/** Counts and states of all zones. */
export class ZoneMonitor {
  /** Nodes of each zone, and how many of them were not ready, in the last whole pass that met any. */
  readonly sizes: Uint32Array;
  readonly unhealthy: Uint32Array;
  readonly #rates: TaintRates;
  readonly #ready: Int32Array;
  readonly #notReady: Int32Array;
  readonly #states: ZoneState[];
  readonly #setRate: (zone: number, nodesPerSecond: number) => void;

  constructor(zones: number, rates: TaintRates, setRate: (zone: number, nodesPerSecond: number) => void) {
    this.#rates = rates;
    this.sizes = new Uint32Array(zones);
    this.unhealthy = new Uint32Array(zones);
    this.#ready = new Int32Array(zones);
    this.#notReady = new Int32Array(zones);
    this.#states = Array.from({ length: zones }, () => 'initial');
    this.#setRate = setRate;
  }

  /** State of each zone after the last whole pass. */
  get states(): readonly ZoneState[] {
    return this.#states;
  }

  /** A new process: nothing counted, usual rates. */
  reset(): void {
    this.#ready.fill(0);
    this.#notReady.fill(0);
    this.sizes.fill(0);
    this.unhealthy.fill(0);
    for (let zone = 0; zone < this.#states.length; zone++) {
      this.#states[zone] = 'initial';
      this.#setRate(zone, this.#rates.nodeEvictionRate);
    }
  }

  /** A node of the zone was looked at; nodes whose status could not be written are not counted. */
  count(zone: number, isReady: boolean): void {
    const counts = isReady ? this.#ready : this.#notReady;
    counts[zone]!++;
  }

  /** The pass is over: new states and rates, and counting starts again. */
  endPass(): Disruption {
    const all = this.#states.map((_, zone) => zone);
    const seen = all.filter((zone) => this.#ready[zone]! + this.#notReady[zone]! > 0);
    for (const zone of seen) {
      this.sizes[zone] = this.#ready[zone]! + this.#notReady[zone]!;
      this.unhealthy[zone] = this.#notReady[zone]!;
    }
    const next = all.map((zone) =>
      zoneState(this.#ready[zone]!, this.#notReady[zone]!, this.#rates.unhealthyZoneThreshold),
    );
    const isDown = seen.every((zone) => next[zone] === 'full-disruption');
    const wasDown = seen.every((zone) => this.#states[zone] === 'full-disruption');
    let outcome: Disruption = 'none';
    if (isDown && !wasDown) {
      outcome = 'entered';
      for (const zone of seen) {
        this.#states[zone] = 'full-disruption';
        this.#setRate(zone, 0);
      }
    } else if (!isDown) {
      if (wasDown) outcome = 'left';
      for (const zone of seen) {
        if (outcome === 'left' || this.#states[zone] !== next[zone]) {
          this.#setRate(zone, taintRate(next[zone]!, this.#ready[zone]! + this.#notReady[zone]!, this.#rates));
        }
        this.#states[zone] = next[zone]!;
      }
    }
    this.#ready.fill(0);
    this.#notReady.fill(0);
    return outcome;
  }
}
