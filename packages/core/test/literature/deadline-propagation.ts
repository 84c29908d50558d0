/** 6.1c: a deadline that is handed on, and one that is not. */
import { Simulation } from '../../src/simulation.ts';
import { plus, seconds, timeZero, toSeconds } from '../../src/time.ts';
import type { Attempt } from '../../src/traffic/attempt.ts';
import { Client } from '../../src/traffic/client.ts';
import { RequestTable } from '../../src/traffic/request.ts';
import type { Comparison, Experiment } from './comparison.ts';

/** A calls B with 30 s; B works 7 s and calls C; C works 4 s and calls D: what B's, C's and D's callers still have. */
function remainingDownTheChain(): number[] {
  const simulation = new Simulation();
  const table = new RequestTable();
  const seen: number[] = [];
  const note = (attempt: Attempt): void => void seen.push(toSeconds(table.remaining(attempt, simulation.now)));
  const toD = new Client(simulation, { name: 'C to D', table, server: { submit: note }, requestTimeout: seconds(60) });
  const atC = (attempt: Attempt): void => {
    note(attempt);
    simulation.after(seconds(4), () => toD.sendFor(attempt));
  };
  const toC = new Client(simulation, { name: 'B to C', table, server: { submit: atC }, requestTimeout: seconds(60) });
  const atB = (attempt: Attempt): void => {
    note(attempt);
    simulation.after(seconds(7), () => toC.sendFor(attempt));
  };
  new Client(simulation, { name: 'A to B', table, server: { submit: atB }, requestTimeout: seconds(30) }).send();
  simulation.runUntil(plus(timeZero, seconds(60)));
  return seen;
}

/**
 * A calls B with 10 s, B works 8 s, C takes the call from its queue after 5 s and would work 3 s. Returns the share of
 * C's work that was done for a caller A that had given up.
 */
function wastedShareAtC(isPropagated: boolean): { worked: number; wasted: number; dropped: number } {
  const simulation = new Simulation();
  const table = new RequestTable();
  let worked = 0;
  let wasted = 0;
  let dropped = 0;
  const finish = (attempt: Attempt): void => {
    worked += 3;
    if (!table.isWanted(table.labelOf(attempt) as Attempt)) wasted += 3;
    table.answer(attempt, true);
  };
  const takeFromQueue = (attempt: Attempt): void => {
    if (table.remaining(attempt, simulation.now) > 0) {
      simulation.after(seconds(3), () => finish(attempt));
      return;
    }
    dropped++;
    table.answer(attempt, false);
  };
  const atC = (attempt: Attempt): void => void simulation.after(seconds(5), () => takeFromQueue(attempt));
  const toC = new Client(simulation, { name: 'B to C', table, server: { submit: atC }, requestTimeout: seconds(20) });
  const atB = (attempt: Attempt): void => {
    simulation.after(seconds(8), () => void (isPropagated ? toC.sendFor(attempt, attempt) : toC.send(attempt)));
  };
  const toB = new Client(simulation, { name: 'A to B', table, server: { submit: atB }, requestTimeout: seconds(10) });
  for (let i = 0; i < 100; i++) toB.send();
  simulation.runUntil(plus(timeZero, seconds(60)));
  return { worked, wasted, dropped };
}

export const deadlinePropagation: Experiment = {
  id: '6.1c',
  title: 'deadlines that propagate',
  source: 'Site Reliability Engineering (Google), "Addressing Cascading Failures", deadline propagation',
  model:
    'Chains of clients with constant times, so there is no randomness. Sub-requests inherit the deadline ' +
    'of the attempt they serve, or do not.',
  run: () => {
    const remaining = remainingDownTheChain();
    const comparisons = [30, 23, 19].map(
      (expected, i): Comparison => ({
        quantity: `seconds left at ${['B', 'C', 'D'][i]}`,
        expected,
        origin: 'printed',
        simulated: remaining[i]!,
        halfWidth: 0,
        tolerance: 0,
        digits: 0,
      }),
    );
    const blind = wastedShareAtC(false);
    const aware = wastedShareAtC(true);
    return {
      comparisons,
      findings: [
        {
          statement: 'with its own 20 s instead of the 2 s left, C works for callers that have gone',
          evidence: `${blind.wasted} of ${blind.worked} s of work at C in vain`,
          holds: blind.wasted > 0 && blind.wasted === blind.worked,
        },
        {
          statement: 'with the deadline propagated C wastes nothing',
          evidence:
            `${aware.wasted} of ${aware.worked} s of work in vain, ${aware.dropped} of 100 dropped when ` +
            `they came out of the queue`,
          holds: aware.wasted === 0 && aware.dropped === 100,
        },
      ],
    };
  },
};
