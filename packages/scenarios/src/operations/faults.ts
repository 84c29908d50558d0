/**
 * Faults: timed changes that somebody injects, each noted with its beginning and its end. A fault is a cause of its own; what
 * it leads to is not said here.
 */
import { delay, type Duration, type Process, type Simulation, spawn } from '@brownout/core';
import { type Chronicle, noCause } from './chronicle.ts';
import type { Site } from './site.ts';

/** A timed change. */
export interface Fault {
  /** What it is, for people: "balancer refuses all requests to API". */
  readonly text: string;
  /** Instants of the run; `Infinity` = it does not end. */
  readonly at: number;
  readonly until: number;
  /** Clusters whose troubles from then on are blamed on it; none for what is in front of all clusters. */
  readonly sites: readonly Site[];
  /** Makes the change; `note` is what its effects are blamed on. */
  begin(note: number): void;
  /** Takes it back. */
  end(): void;
}

/** Schedules faults, in the order given where they begin together. */
export function startFaults(simulation: Simulation, chronicle: Chronicle, faults: readonly Fault[]): void {
  faults.forEach((fault, index) => {
    spawn(simulation, `fault ${index + 1}`, run(simulation, chronicle, fault));
  });
}

function* run(simulation: Simulation, chronicle: Chronicle, fault: Fault): Process {
  const { at, until, sites, text } = fault;
  yield delay(Math.max(0, at - simulation.now) as Duration);
  const only = sites.length === 1 ? sites[0]!.id : undefined;
  const note = chronicle.note('fault', text, noCause, only);
  for (const site of sites) site.lastCause = note;
  fault.begin(note);
  if (until === Infinity) return;
  yield delay((until - simulation.now) as Duration);
  fault.end();
  chronicle.note('fault', `over: ${text}`, note, only);
}
