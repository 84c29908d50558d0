/** What the experiments on a real API server gave, as far as it is known here: the light phases of E1, and E12. */

/** One figure and what it is. */
export interface MeasuredFigure {
  readonly what: string;
  readonly unit: string;
  readonly measured: number;
}

/** Light phases of E1; percentiles in milliseconds, memory in MiB, ages in seconds. */
export const lightPhases = {
  idle: {
    seconds: 15.0914,
    leaseSent: 1239,
    leaseOk: 739,
    leaseP50: 3.2,
    leaseP90: 7.296,
    leaseP99: 15.645,
    oldestLease: 10.335,
    apiServerCores: 0.1511,
    etcdCores: 0.0563,
    peakMib: 404.0,
  },
  'x1.0': {
    seconds: 50.0039,
    listSent: 200,
    listOk: 198,
    listP50: 863.624,
    listP90: 1531.706,
    listP99: 2052.368,
    leaseSent: 2446,
    leaseOk: 2445,
    leaseP50: 147.347,
    leaseP90: 284.204,
    leaseP99: 415.747,
    oldestLease: 10.829,
    apiServerCores: 0.8507,
    etcdCores: 0.0946,
    peakMib: 913.4,
  },
} as const;

/**
 * scheduler-latency.go with Go 1.19.8 on one core: medians of 60 requests in milliseconds, by computing goroutines, for one
 * wake-up from the network and for two, one after the other. The quieter of two rounds; the machine was shared.
 */
export const schedulerLatency: readonly {
  readonly computing: number;
  readonly once: number;
  readonly twice: number;
}[] = [
  { computing: 1, once: 8.0, twice: 28.0 },
  { computing: 2, once: 28.2, twice: 68.7 },
  { computing: 4, once: 69.4, twice: 150.9 },
  { computing: 8, once: 150.1, twice: 312.8 },
];

/** E12: seconds from the API server being ready again to CoreDNS answering. */
export const coreDnsRecoverySeconds = 36.5;
