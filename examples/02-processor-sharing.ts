/**
 * One huge request among many small ones: a machine with four cores serves requests of 20 ms, and every minute somebody
 * asks for something that takes 90 seconds of CPU. Does the small fry notice?
 *
 *      small requests --+
 *                       +--> ( 4 cores, shared evenly,      ) --> served
 *      huge requests  --+    ( at most one core per request )
 *
 *  a) A huge request a minute: all together ask for 3.5 of the 4 cores, and each huge one holds on to its own.
 *  b) Two a minute: 5 cores are asked for. Huge requests pile up, and everybody is slowed down alike.
 *  c) As b, but a huge request is cut off after 10 s. What it has received by then is wasted, and all is well again.
 */
import {
  createProcessor,
  durations,
  exponential,
  forever,
  Histogram,
  JobPool,
  minutes,
  noEvent,
  plus,
  seconds,
  Simulation,
  timeZero,
  toSeconds,
  type Duration,
  type EventHandle,
  type Processor,
  type Stream,
} from '@brownout/core';

const cores = 4;
const smallPerSecond = 100;
const smallWork = durations(exponential(20), 'milliseconds');
const hugeWork = seconds(90);
const length = minutes(60);

/** `cutOff`: a huge request is withdrawn after this long. */
function run(name: string, hugePerMinute: number, cutOff = forever): string {
  const simulation = new Simulation({ seed: 'example 02' });
  const requests = new JobPool('requests');
  const arrivedAt = new Float64Array(4096);
  const isHuge = new Uint8Array(4096);
  const cutOffs = new Map<number, EventHandle>();
  const stays = new Histogram();
  let hugeServed = 0;
  let wasted = 0;

  const processor: Processor = createProcessor(simulation, {
    name: 'cpu',
    cores,
    onServed: (request) => {
      if (isHuge[request] === 1) {
        hugeServed++;
        simulation.cancel(cutOffs.get(request) ?? noEvent);
      } else {
        stays.record(simulation.now - arrivedAt[request]!);
      }
      requests.release(request);
    },
  });
  const cut = simulation.event('cut off', (request) => {
    wasted += processor.attained(request);
    processor.withdraw(request);
    requests.release(request);
  });
  const arrive = (huge: boolean, work: Duration): number => {
    const request = requests.take();
    arrivedAt[request] = simulation.now;
    isHuge[request] = huge ? 1 : 0;
    processor.arrive(request, work);
    return request;
  };

  source(simulation, 'small', smallPerSecond, (stream) => void arrive(false, smallWork.sample(stream)));
  source(simulation, 'huge', hugePerMinute / 60, () => {
    const request = arrive(true, hugeWork);
    if (cutOff !== forever) cutOffs.set(request, cut.after(cutOff, request));
  });
  simulation.runUntil(plus(timeZero, length));

  const { busyTime, coreTime, inside } = processor.books();
  const cells = [
    `${((100 * busyTime) / coreTime).toFixed(0)} %`,
    `${(stays.quantile(0.5) / 1e3).toFixed(0)} ms`,
    `${(stays.quantile(0.99) / 1e3).toFixed(0)} ms`,
    String(hugeServed),
    String(inside),
    `${((100 * wasted) / busyTime).toFixed(0)} %`,
  ];
  return name.padEnd(22) + cells.map((cell) => cell.padStart(11)).join('');
}

/** A Poisson source with a stream of its own for gaps and one for work. */
function source(simulation: Simulation, name: string, perSecond: number, send: (work: Stream) => void): void {
  const gap = durations(exponential(1 / perSecond), 'seconds');
  const gaps = simulation.streams.get(`${name}/gap`);
  const work = simulation.streams.get(`${name}/work`);
  const arrival = simulation.event(
    `${name} arrival`,
    () => {
      send(work);
      arrival.after(gap.sample(gaps));
    },
    'arrival',
  );
  arrival.after(gap.sample(gaps));
}

console.log(`${toSeconds(length)} s of ${smallPerSecond} small requests a second on ${cores} cores`);
console.log(
  ' '.repeat(22) +
    ['cores busy', 'median', 'p99', 'huge done', 'left', 'wasted'].map((head) => head.padStart(11)).join(''),
);
console.log(run('a) 1 huge a minute', 1));
console.log(run('b) 2 huge a minute', 2));
console.log(run('c) cut off after 10 s', 2, seconds(10)));
