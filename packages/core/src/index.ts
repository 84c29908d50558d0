export { assert, SimulationError, type ErrorContext } from './errors.ts';
export {
  delay,
  spawn,
  suspended,
  timedOut,
  waitFor,
  waitForAll,
  waitForAny,
  type Process,
  type ProcessHandle,
  type Wait,
} from './process.ts';
export {
  adaptiveLifo,
  fifo,
  lifo,
  nonPreemptivePriority,
  preemptivePriority,
  rankedBy,
  repeatingPriority,
  shortestFirst,
  type Discipline,
  type EndsDiscipline,
  type Preemption,
  type RankedDiscipline,
} from './queueing/discipline.ts';
export { Fifo } from './queueing/fifo.ts';
export { IndexedHeap } from './queueing/indexed-heap.ts';
export { JobPool } from './queueing/job-pool.ts';
export { createProcessor, Processor, type ProcessorBooks, type ProcessorOptions } from './queueing/processor-sharing.ts';
export {
  meanInside,
  meanWaiting,
  utilisation,
  type Sampler,
  type StationBooks,
  type StationOptions,
  type StationRefusal,
} from './queueing/station-options.ts';
export { createStation, Station } from './queueing/station.ts';
export { Stream, Streams } from './random/stream.ts';
export { Signal } from './signal.ts';
export {
  noEvent,
  Simulation,
  type EventHandle,
  type EventType,
  type Priority,
  type RunEnd,
  type RunOptions,
  type SimulationOptions,
} from './simulation.ts';
export {
  forever,
  hours,
  minutes,
  ms,
  noTime,
  plus,
  seconds,
  since,
  timeZero,
  toMilliseconds,
  toSeconds,
  us,
  type Duration,
  type Instant,
} from './time.ts';
