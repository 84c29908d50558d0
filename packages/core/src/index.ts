/** Public names of `@brownout/core`, by module. */
export { Coalescer, type CoalescerOptions, type JoinResult } from './cache/coalescer.ts';
export { type Eviction } from './cache/entry-store.ts';
export {
  TtlCache,
  type CacheCounts,
  type LookupResult,
  type Prefetch,
  type ServeStale,
  type TtlCacheOptions,
} from './cache/ttl-cache.ts';
export { assert, SimulationError, type ErrorContext } from './errors.ts';
export { batchMeans, neighbourCorrelation, type BatchMeans } from './experiment/batch-means.ts';
export {
  compareVariants,
  type Comparison,
  type ComparisonOptions,
  type MeasuredVariant,
  type VariantComparison,
} from './experiment/comparison.ts';
export {
  checkFactors,
  drawnPoints,
  valueBetween,
  valueDrawn,
  type DesignPoint,
  type Factor,
  type FactorKind,
  type FactorValue,
  type ListFactor,
  type RangeFactor,
} from './experiment/factor.ts';
export { axisValues, grid, largestGrid, type GridAxis } from './experiment/grid.ts';
export { holm, simultaneousLevel } from './experiment/holm.ts';
export { meanInterval, pairedInterval, type Interval } from './experiment/interval.ts';
export { latinHypercube } from './experiment/latin-hypercube.ts';
export { median, medianInterval, pairedMedianInterval, type MedianInterval } from './experiment/median.ts';
export {
  elementaryEffects,
  morris,
  type ElementaryEffects,
  type MorrisDesign,
  type MorrisOptions,
  type MorrisStep,
} from './experiment/morris.ts';
export {
  pairedTest,
  pairingGain,
  type PairedMethod,
  type PairedTest,
  type PairingGain,
} from './experiment/paired-test.ts';
export { paretoFront, type ParetoCandidate, type ParetoPlace } from './experiment/pareto.ts';
export {
  findPhaseDiagram,
  phaseAt,
  type Phase,
  type PhaseDiagram,
  type PhaseDiagramOptions,
  type PhaseDiagramSearch,
  type PhaseRow,
  type PhaseTrial,
} from './experiment/phase-diagram.ts';
export {
  quantile,
  quantileInterval,
  valuesForQuantile,
  type QuantileInterval,
  type QuantileIntervalOptions,
} from './experiment/quantile.ts';
export {
  race,
  type Contender,
  type Race,
  type RaceOptions,
  type RaceResult,
  type RaceTrial,
} from './experiment/racing.ts';
export { rankVariants, type RankedVariant, type RankingOptions } from './experiment/ranking.ts';
export { chanceOf, midRanks, pearson, spearman, type RankCorrelation } from './experiment/ranks.ts';
export { ratioInterval, type RatioInterval } from './experiment/ratio.ts';
export { replicate, type Replicated, type ReplicateOptions } from './experiment/replicate.ts';
export {
  centreOf,
  checkResponses,
  longForm,
  mainEffects,
  responsesOf,
  summarise as summariseResponse,
  wideForm,
  type DataTable,
  type MainEffect,
  type MainEffectLevel,
  type ResponseRow,
  type ResponseSummary,
  type ResponseTable,
  type ResponseValues,
} from './experiment/response-table.ts';
export { shareInterval, type ShareInterval } from './experiment/share.ts';
export { sobol, sobolDimensions, type SobolOptions } from './experiment/sobol.ts';
export { untilPrecise, type Stopped, type StoppingInterval, type StoppingRule } from './experiment/stopping.ts';
export { studentQuantile, studentUpperTail } from './experiment/student.ts';
export {
  successiveHalving,
  type SuccessiveHalving,
  type SuccessiveHalvingOptions,
  type SuccessiveHalvingResult,
} from './experiment/successive-halving.ts';
export { summarise, type Summary } from './experiment/summary.ts';
export {
  type Reversal,
  type TippingPoint,
  type TippingPointOptions,
  type TippingPointSearch,
  type TippingStep,
  type Trial,
} from './experiment/tipping-options.ts';
export { findTippingPoint } from './experiment/tipping-point.ts';
export {
  mser5,
  welch,
  type MserCut,
  type MserOptions,
  type WelchCurve,
  type WelchOptions,
} from './experiment/warm-up.ts';
export { Counter } from './metrics/counter.ts';
export { Gauge, type GaugeOptions } from './metrics/gauge.ts';
export { Histogram, type HistogramData, type HistogramOptions } from './metrics/histogram.ts';
export {
  Book,
  checkBalance,
  Ledger,
  type Balance,
  type Balanced,
  type BookOptions,
} from './metrics/ledger.ts';
export { CountColumn, LevelColumn, type SeriesColumn } from './metrics/series-columns.ts';
export { mergeSeries, Series, type SeriesData, type SeriesOptions } from './metrics/series.ts';
export { Tally, type TallyData } from './metrics/tally.ts';
export { power } from './power.ts';
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
export { CoDel, type CoDelOptions } from './queueing/codel.ts';
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
export {
  createLimiter,
  Limiter,
  type LimiterBooks,
  type LimiterOptions,
  type LimiterRefusal,
} from './queueing/limiter.ts';
export { type ProcessorBooks } from './queueing/processor-accounts.ts';
export { createProcessor, Processor, type ProcessorOptions } from './queueing/processor-sharing.ts';
export { createRoundRobin, RoundRobin, type RoundRobinOptions } from './queueing/round-robin.ts';
export { SharedCores } from './queueing/shared-cores.ts';
export { type SharedProcessor } from './queueing/shared-processor.ts';
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
export { TokenBucket, type TokenBucketOptions } from './queueing/token-bucket.ts';
export {
  createWeightedProcessor,
  WeightedProcessor,
  type WeightedProcessorOptions,
} from './queueing/weighted-sharing.ts';
export { constant } from './random/distributions/constant.ts';
export { isKnown, type Distribution, type KnownDistribution } from './random/distributions/distribution.ts';
export {
  empirical,
  fromQuantiles,
  type EmpiricalParameters,
  type QuantilePoint,
} from './random/distributions/empirical.ts';
export { exponential } from './random/distributions/exponential.ts';
export { erlang, gamma, type ErlangParameters, type GammaParameters } from './random/distributions/gamma.ts';
export {
  hyperexponential,
  type ExponentialBranch,
  type HyperexponentialParameters,
} from './random/distributions/hyperexponential.ts';
export { lognormal, type LognormalParameters } from './random/distributions/lognormal.ts';
export { mixture, type MixtureComponent } from './random/distributions/mixture.ts';
export {
  boundedPareto,
  pareto,
  type BoundedParetoParameters,
  type ParetoParameters,
} from './random/distributions/pareto.ts';
export { shifted, truncated, type TruncationRange } from './random/distributions/transformed.ts';
export { uniform } from './random/distributions/uniform.ts';
export { weibull, type WeibullParameters } from './random/distributions/weibull.ts';
export { zipf, type ZipfParameters } from './random/distributions/zipf.ts';
export { durations, type DurationDistribution, type DurationUnit } from './random/durations.ts';
export { type StreamState } from './random/stream-key.ts';
export { Stream, Streams } from './random/stream.ts';
export { Signal, type Awaitable } from './signal.ts';
export {
  noEvent,
  Simulation,
  type EventHandle,
  type EventType,
  type Priority,
  type RunEnd,
  type RunOptions,
  type SimulationOptions,
  type TimeoutType,
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
export {
  noRecord,
  Trace,
  type Clock,
  type RecordId,
  type TraceKeep,
  type TraceKind,
  type TraceObserver,
  type TraceOptions,
  type TraceRecord,
} from './trace.ts';
export { AdaptiveThrottle, type AdaptiveThrottleOptions } from './traffic/adaptive-throttle.ts';
export { Arrivals, evenGaps, poissonGaps, type ArrivalsOptions, type ArrivalSource } from './traffic/arrivals.ts';
export { noRequest, type Attempt, type AttemptOwner, type AttemptServer, type Request } from './traffic/attempt.ts';
export {
  CircuitBreaker,
  noPermit,
  type BreakerState,
  type CallGate,
  type CircuitBreakerOptions,
} from './traffic/circuit-breaker.ts';
export { Client, type ClientOptions } from './traffic/client.ts';
export { ClosedLoop, type ClosedLoopOptions } from './traffic/closed-loop.ts';
export { deadlineAfter, DeadlineTimer, earlier, noDeadline } from './traffic/deadline.ts';
export {
  fixedHedgeDelay,
  QuantileHedgeDelay,
  type HedgeDelay,
  type QuantileHedgeDelayOptions,
} from './traffic/hedge-delay.ts';
export { HedgingClient, type HedgingClientOptions } from './traffic/hedging-client.ts';
export { type TrafficLedger } from './traffic/ledger.ts';
export { Link, type LinkOptions, type LossReason } from './traffic/link.ts';
export { outcomes, type Outcome } from './traffic/outcome.ts';
export { constantRate, RateCurve, type RateCurveOptions, type RateStep } from './traffic/rate-curve.ts';
export { ReplayedArrivals, type ReplayedArrivalsOptions } from './traffic/replayed-arrivals.ts';
export { RequestTable } from './traffic/request.ts';
export {
  FailureRatioBudget,
  QuotaBudget,
  RateBudget,
  RatioBudget,
  ThrottleBudget,
  WindowedBudget,
  type FailureRatioBudgetOptions,
  type QuotaBudgetOptions,
  type RatioBudgetOptions,
  type RetryBudget,
  type RetryReason,
  type ThrottleBudgetOptions,
  type WindowedBudgetOptions,
} from './traffic/retry-budget.ts';
export {
  decorrelatedJitter,
  equalJitter,
  exponentialBackoff,
  fixedRetry,
  fullJitter,
  giveUp,
  noRetry,
  type BackoffOptions,
  type DecorrelatedOptions,
  type FixedRetryOptions,
  type RetryPolicy,
} from './traffic/retry.ts';
