/** The two phases of a replication. */
import type { Simulation } from '../../src/simulation.ts';
import { plus, seconds, timeZero } from '../../src/time.ts';

/** Runs a tenth of `length` seconds as warm-up, calls `begin`, runs the window of `length` seconds. */
export function runWindow(simulation: Simulation, length: number, begin: () => void): void {
  simulation.runUntil(plus(timeZero, seconds(length / 10)));
  begin();
  simulation.runUntil(plus(timeZero, seconds(length * 1.1)));
}
