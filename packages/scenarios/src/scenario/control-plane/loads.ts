/** The parts that make load: each is told how much of it there is when a phase begins. */
import {
  Arrivals,
  type Duration,
  evenGaps,
  type EventHandle,
  type EventType,
  noEvent,
  noTime,
  poissonGaps,
  type Simulation,
  type Stream,
} from '@brownout/core';
import type { AgentsSection, BurstSection, StreamSection } from './document.ts';
import { Requester, type RequesterParts } from './requester.ts';

/** Something whose load a phase sets. */
export interface Load {
  /** Requests per second of a stream; a number of clients or requests of the others. */
  set(load: number): void;
}

type Parts = Omit<RequesterParts, 'clients' | 'persists' | 'isThere' | 'onDone'>;

/** Requests that come at a rate, over a pool of connections taken in turn. */
export function createStream(section: StreamSection, parts: Parts): Load {
  const free: number[] = [];
  let slots = 0;
  const requester = new Requester(section, {
    ...parts,
    clients: section.connections,
    persists: section.retry === 'immediate',
    onDone: (slot) => void free.push(slot),
  });
  const gaps = section.arrivals === 'poisson' ? poissonGaps : evenGaps;
  let arrivals: Arrivals | undefined;
  let phases = 0;
  return {
    set(perSecond: number): void {
      arrivals?.stop();
      arrivals = undefined;
      if (perSecond === 0) return;
      const name = `${section.name}/${phases++}`;
      const onArrival = (index: number): void => requester.begin(free.pop() ?? slots++, index % section.connections);
      arrivals = new Arrivals(parts.simulation, { name, perSecond, gaps, onArrival });
      arrivals.start();
    },
  };
}

/** Requests all at once. */
export function createBurst(section: BurstSection, largest: number, parts: Parts): Load {
  const requester = new Requester(section, { ...parts, clients: largest, persists: false, onDone: () => {} });
  let slots = 0;
  return {
    set(requests: number): void {
      for (let index = 0; index < requests; index++) requester.begin(slots++, index);
    },
  };
}

/** Clients that ask, wait, and ask again. */
export class Agents implements Load {
  readonly #section: AgentsSection;
  readonly #requester: Requester;
  readonly #ask: EventType;
  readonly #simulation: Simulation;
  readonly #periods: Stream;
  readonly #starts: Stream;
  readonly #isBusy: Uint8Array;
  readonly #next: Float64Array;
  #count = 0;

  constructor(section: AgentsSection, largest: number, parts: Parts) {
    const { simulation } = parts;
    this.#section = section;
    this.#simulation = simulation;
    this.#periods = simulation.streams.get(`${section.name}/period`);
    this.#starts = simulation.streams.get(`${section.name}/start`);
    this.#isBusy = new Uint8Array(largest);
    this.#next = new Float64Array(largest).fill(noEvent);
    this.#ask = simulation.event(`${section.name} asks`, (agent) => this.#begin(agent), 'arrival');
    const persists = section.after === 'success';
    this.#requester = new Requester(section, {
      ...parts,
      clients: largest,
      persists,
      isThere: (agent) => agent < this.#count,
      onDone: (agent) => this.#done(agent),
    });
  }

  /** The first `agents` run; the others ask and repeat no more, and what is on its way is left to come to its end. */
  set(agents: number): void {
    for (let agent = this.#count; agent < agents; agent++) {
      if (this.#isBusy[agent] === 0) this.#next[agent] = this.#ask.after(this.#firstWait(), agent);
    }
    for (let agent = agents; agent < this.#count; agent++) {
      this.#simulation.cancel(this.#next[agent]! as EventHandle);
    }
    this.#count = agents;
  }

  #firstWait(): Duration {
    const { start, period } = this.#section;
    return start === 'together' ? noTime : (Math.floor(this.#starts.uniform() * period) as Duration);
  }

  #begin(agent: number): void {
    this.#isBusy[agent] = 1;
    this.#requester.begin(agent, agent);
  }

  #done(agent: number): void {
    this.#isBusy[agent] = 0;
    if (agent >= this.#count) return;
    const { period, jitter } = this.#section;
    const wait = Math.round(period * (1 + jitter * (2 * this.#periods.uniform() - 1)));
    this.#next[agent] = this.#ask.after(wait as Duration, agent);
  }
}
