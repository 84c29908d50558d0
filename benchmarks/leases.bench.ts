/**
 * Nodes that renew a lease every 10 s over a network of 1 ms (mean) at 64 servers with hyperexponential service. A
 * request times out after 10 s, cancelled by the reply; a watchdog expires 40 s after the last reply, moved by each
 * reply. Arguments: rounds, nodes, simulated seconds a round, 1 to use delay lines for period, timeout and watchdog.
 */
import { noEvent, seconds, Simulation, us, type Duration, type EventHandle } from '@brownout/core';
import { measureRounds, numbers } from './measure.ts';
import { exponentials, hyperexponentials, increment, tableMask } from './tables.ts';

const PERIOD = seconds(10);
const TIMEOUT = seconds(10);
const GRACE = seconds(40);
const travels = exponentials(1, 1_000);
const services = hyperexponentials(2, 10_000, 230_000);

const [rounds = 1, nodes = 1_000, span = 1, usesLines = 1] = numbers();
const simulation = new Simulation();
const timeoutOf = new Float64Array(nodes).fill(noEvent);
const watchdogOf = new Float64Array(nodes).fill(noEvent);
const line = new Int32Array(tableMask + 1);
let lineFirst = 0;
let lineEnd = 0;
let travelCursor = 0;
let serviceCursor = 0;
let freeServers = 64;
let renewed = 0;
let timedOut = 0;
let expired = 0;
const starter = (name: string, delay: Duration, handler: (node: number) => void) => {
  if (usesLines === 1) return simulation.timeout(name, delay, handler);
  const type = simulation.event(name, handler);
  return { start: (node: number): EventHandle => type.after(delay, node) };
};
const onRenew = (node: number): void => {
  period.start(node);
  timeoutOf[node] = timeout.start(node);
  arrival.after(increment(travels, travelCursor++), node);
};
const first = simulation.event('first renewal', onRenew);
const period = starter('renewal', PERIOD, onRenew);
const timeout = starter('timeout', TIMEOUT, () => timedOut++);
const watchdog = starter('watchdog', GRACE, () => expired++);
const arrival = simulation.event(
  'arrival',
  (node) => {
    if (freeServers > 0) {
      freeServers--;
      served.after(increment(services, serviceCursor++), node);
    } else {
      line[lineEnd++ & tableMask] = node;
    }
  },
  'arrival',
);
const served = simulation.event(
  'served',
  (node) => {
    if (lineFirst !== lineEnd) served.after(increment(services, serviceCursor++), line[lineFirst++ & tableMask]!);
    else freeServers++;
    if (!simulation.cancel(timeoutOf[node] as EventHandle)) return;
    renewed++;
    simulation.cancel(watchdogOf[node] as EventHandle);
    watchdogOf[node] = watchdog.start(node);
  },
  'release',
);

for (let node = 0; node < nodes; node++) first.after(us(node * (PERIOD / nodes)), node);
measureRounds(
  simulation,
  rounds,
  span * 1_000_000,
  () => simulation.eventCount,
  () => renewed * 1_000 + timedOut * 10 + expired,
);
