/**
 * Work that nobody waits for: a time-out shorter than the wait makes clients leave while the server goes on with what they
 * asked for; others wait longer, and leave as well.
 *
 * Gain: of the work that was given up in a window - attempts that timed out or died, each with the CPU it costs - the share
 * that was done all the same, `w`. While cores are exhausted, that share takes as much work of others away: gain `u w`.
 * With `w = 1` (everything is finished, nobody takes it) every time-out leads to another one; with `w = 0` (whoever leaves
 * takes the work along) to none.
 *
 * Bias: work is booked as wasted when it ends, after its client has left, so numerator and denominator are taken over three
 * windows; while a backlog builds up, its part that is still to be done in vain is missing, and windows show less than the
 * run as a whole, which has it all. Attempts that wait for a seat in the line of flow control cost nothing when given up, and lower `w`.
 * CPU lost with a process that died is in both.
 */
import type { LoopHistory } from '../loop-history.ts';
import type { LoopCandidate } from '../loop.ts';

/** Windows over which the ratio is taken. */
const SPAN = 3;
/** Less CPU than this given up in a window is no trouble: a second. */
const LITTLE = 1_000_000;

/** See above. */
export const wastedWork: LoopCandidate = {
  id: 'wasted-work',
  name: 'work that nobody waits for',
  from: 'clients time out and leave',
  to: 'servers go on with their requests',
  measure: (history: LoopHistory) => {
    const { windows } = history;
    let wastedCpuSeconds = 0;
    let givenUpCpuSeconds = 0;
    let [atWork, exhausted] = [0, 0];
    const gains = windows.map((window, index) => {
      wastedCpuSeconds += window.wastedCpu / 1_000_000;
      givenUpCpuSeconds += window.givenUpCpu / 1_000_000;
      if (window.givenUpCpu < LITTLE || window.exhausted === 0) return Number.NaN;
      let [wasted, givenUp] = [0, 0];
      for (const one of windows.slice(Math.max(0, index - SPAN + 1), index + 1)) {
        wasted += one.wastedCpu;
        givenUp += one.givenUpCpu;
      }
      atWork++;
      exhausted += window.exhausted;
      return window.exhausted * Math.min(1, wasted / givenUp);
    });
    const overall = atWork === 0 ? 0 : (exhausted / atWork) * Math.min(1, wastedCpuSeconds / givenUpCpuSeconds);
    return { gains, overall, evidence: { wastedCpuSeconds, givenUpCpuSeconds } };
  },
};
