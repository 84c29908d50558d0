/**
 * Public names of `@brownout/core/analytic`: queueing formulas, networks and small Markov chains, in seconds and rates per
 * second. Answers at once where a simulation takes its time; each says what it assumes. An entry of its own, because it
 * loads mathjs and the engine does not need it.
 */
export { birthDeath, expectation } from './birth-death.ts';
export {
  closedNetwork,
  type ClosedNetwork,
  type ClosedNetworkOptions,
  type ClosedStation,
} from './closed-network.ts';
export { erlangB, erlangC, staffing, type Staffing, type StaffingTarget } from './erlang.ts';
export { MarkovChain, type ChainOptions, type Relaxation } from './markov-chain.ts';
export { mg1, type Mg1, type Mg1Options } from './mg1.ts';
export { mm1, mmc, mmInfinity, type Mmc, type MmcOptions, type MmInfinity } from './mmc.ts';
export { mm1k, mmck, type Mmck, type MmckOptions } from './mmck.ts';
export { openNetwork, type OpenNetwork, type OpenStation } from './open-network.ts';
export {
  retryOrbit,
  timeoutBound,
  type RetryOrbit,
  type RetryOrbitOptions,
  type RetryOrbitState,
} from './retry-orbit.ts';
