/**
 * Sources that think for 10 s, then queue first come first served for one of 100 servers for 90 ms (means, exponential).
 * Arguments: rounds, sources, simulated seconds a round.
 */
import { Simulation } from '@brownout/core';
import { measureRounds, numbers } from './measure.ts';
import { exponentials, increment, tableMask } from './tables.ts';

const thinks = exponentials(1, 10_000_000);
const services = exponentials(2, 90_000);

const [rounds = 1, sources = 1_000, span = 1] = numbers();
const simulation = new Simulation();
const line = new Int32Array(tableMask + 1);
let lineFirst = 0;
let lineEnd = 0;
let thinkCursor = 0;
let serviceCursor = 0;
let freeServers = 100;
let digest = 0;
const ask = simulation.event(
  'ask',
  (source) => {
    if (freeServers > 0) {
      freeServers--;
      served.after(increment(services, serviceCursor++), source);
    } else {
      line[lineEnd++ & tableMask] = source;
    }
  },
  'arrival',
);
const served = simulation.event(
  'served',
  (source) => {
    digest = (Math.imul(digest, 31) + source) | 0;
    if (lineFirst !== lineEnd) served.after(increment(services, serviceCursor++), line[lineFirst++ & tableMask]!);
    else freeServers++;
    ask.after(increment(thinks, thinkCursor++), source);
  },
  'release',
);

for (let source = 0; source < sources; source++) ask.after(increment(thinks, thinkCursor++), source);
measureRounds(
  simulation,
  rounds,
  span * 1_000_000,
  () => simulation.eventCount,
  () => digest,
);
