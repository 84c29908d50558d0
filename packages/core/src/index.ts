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
