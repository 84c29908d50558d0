/**
 * The same workloads on simjs 2.0.3 from npm, with the same increments. It has no priorities, which these workloads do
 * not need to come out alike, and a cancelled request stays in its heap. Arguments: workload, rounds, size, length.
 */
import { measured } from '../measure.ts';
import { exponentials, increment, tableMask } from '../tables.ts';
import { createSimJs, type Request } from './simjs.ts';

function hold(pending: number, spans: number): number {
  const increments = exponentials(1, 10_000_000);
  const { simulation, clock } = createSimJs();
  let cursor = 0;
  let count = 0;
  const again = (): void => {
    count++;
    clock.setTimer(increment(increments, cursor++)).done(again);
  };
  for (let i = 0; i < pending; i++) clock.setTimer(increment(increments, cursor++)).done(again);
  simulation.simulate((2 + spans) * 10_000_000);
  return count;
}

function mm1(customers: number): number {
  const gaps = exponentials(1, 1_000);
  const services = exponentials(2, 900);
  const { simulation, clock } = createSimJs();
  let gapCursor = 0;
  let serviceCursor = 0;
  let arrived = 0;
  let inside = 0;
  const arrive = (): void => {
    if (inside++ === 0) clock.setTimer(increment(services, serviceCursor++)).done(depart);
    if (++arrived < customers) clock.setTimer(increment(gaps, gapCursor++)).done(arrive);
  };
  const depart = (): void => {
    if (--inside > 0) clock.setTimer(increment(services, serviceCursor++)).done(depart);
  };
  clock.setTimer(increment(gaps, gapCursor++)).done(arrive);
  simulation.simulate(Infinity);
  return 2 * customers;
}

function timeouts(clients: number, seconds: number): number {
  const services = exponentials(1, 1_000_000);
  const { simulation, clock } = createSimJs();
  const serviceOf: Request[] = [];
  const timeoutOf: Request[] = [];
  let cursor = 0;
  let requests = 0;
  const request = (client: number): void => {
    serviceOf[client] = clock.setTimer(increment(services, cursor++)).done(onServed, clock, [client]);
    timeoutOf[client] = clock.setTimer(4_605_000).done(onTimeout, clock, [client]);
  };
  const onServed = (client: number): void => {
    timeoutOf[client]!.cancel();
    requests++;
    request(client);
  };
  const onTimeout = (client: number): void => {
    serviceOf[client]!.cancel();
    requests++;
    request(client);
  };
  for (let client = 0; client < clients; client++) request(client);
  simulation.simulate(seconds * 1_000_000);
  return requests;
}

function finiteSource(sources: number, seconds: number): number {
  const thinks = exponentials(1, 10_000_000);
  const services = exponentials(2, 90_000);
  const { simulation, clock } = createSimJs();
  const line = new Int32Array(tableMask + 1);
  let lineFirst = 0;
  let lineEnd = 0;
  let thinkCursor = 0;
  let serviceCursor = 0;
  let freeServers = 100;
  let count = 0;
  const think = (source: number): void =>
    void clock.setTimer(increment(thinks, thinkCursor++)).done(onAsk, clock, [source]);
  const serve = (source: number): void =>
    void clock.setTimer(increment(services, serviceCursor++)).done(onServed, clock, [source]);
  const onAsk = (source: number): void => {
    count++;
    if (freeServers > 0) {
      freeServers--;
      serve(source);
    } else {
      line[lineEnd++ & tableMask] = source;
    }
  };
  const onServed = (source: number): void => {
    count++;
    if (lineFirst !== lineEnd) serve(line[lineFirst++ & tableMask]!);
    else freeServers++;
    think(source);
  };
  for (let source = 0; source < sources; source++) think(source);
  simulation.simulate(seconds * 1_000_000);
  return count;
}

const workloads: Readonly<Record<string, (size: number, length: number) => number>> = {
  hold,
  mm1,
  timeouts,
  finiteSource,
};
const [, , workload = 'hold', rounds = '1', size = '100', length = '1'] = process.argv;
for (let round = 0; round < Number(rounds); round++) {
  let count = 0;
  measured(
    'main',
    0,
    () => {
      count = workloads[workload]!(Number(size), Number(length));
    },
    () => count,
    () => 0,
  );
  count = 0;
}
