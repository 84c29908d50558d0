/** The section of a document about the services behind the products: calls, connections, pods that come and go, starts. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Written } from '../document.ts';
import { type DurationDistribution, durationDistribution } from '../duration-distribution.ts';
import { bytes, count, duration, number, share } from '../quantity.ts';

/** Downloads that instances need to start, through one limit of their cluster. */
export interface DownloadSection {
  readonly bytes: number;
  /** Bytes per second for all of a cluster together, and for one instance (default: as much as all). */
  readonly bytesPerSecond: number;
  readonly bytesPerSecondEach?: number | undefined;
  readonly timeout: Duration;
  /** Downloads at once in a cluster; default no limit. */
  readonly concurrent?: number | undefined;
  readonly warmShare: number;
}

/** Services behind the products. */
export interface DataPlaneSection {
  /** Instances of each service; default the pods of the cluster over its services. */
  readonly replicas?: number | undefined;
  readonly callGraph: {
    readonly fanOut: number;
    readonly popularity: number;
    readonly retries: number;
    readonly callTime: Duration;
  };
  readonly pools: {
    readonly connections: number;
    readonly lifetime: DurationDistribution;
    readonly connectTimeout: Duration;
  };
  /** Timeout and attempts of a lookup are those of `dns.resolver`. */
  readonly lookups: {
    readonly firstRetry: Duration;
    readonly longestRetry: Duration;
    readonly cacheTtl: Duration;
    readonly cacheShare: number;
  };
  readonly churn: {
    readonly deploymentsPerDay: number;
    readonly lossesPerDay: number;
    readonly crashesPerDay: number;
  };
  readonly startUp: {
    /** Default: an instance waits for ever for what it needs. */
    readonly exitAfter?: Duration | undefined;
    /** Default: nothing is downloaded. */
    readonly download?: DownloadSection | undefined;
  };
  readonly samplesPerSecond: number;
  readonly steeringTime: Duration;
}

/** The written form of a part, of which anything may be left out. */
type WrittenPart<Key extends keyof DataPlaneSection> = Loose<Written<DataPlaneSection[Key]>> | undefined;
type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };
type WrittenDownload = Written<Omit<DownloadSection, 'bytesPerSecondEach' | 'concurrent' | 'warmShare'>> &
  Loose<Written<Required<Pick<DownloadSection, 'bytesPerSecondEach' | 'concurrent' | 'warmShare'>>>>;

/** The written form: everything may be left out, except the size and the limit of a download that there is. */
export interface DataPlaneDocument {
  readonly replicas?: Written<number> | undefined;
  readonly callGraph?: WrittenPart<'callGraph'>;
  readonly pools?: WrittenPart<'pools'>;
  readonly lookups?: WrittenPart<'lookups'>;
  readonly churn?: WrittenPart<'churn'>;
  readonly startUp?:
    | { readonly exitAfter?: Written<Duration> | undefined; readonly download?: WrittenDownload | undefined }
    | undefined;
  readonly samplesPerSecond?: Written<number> | undefined;
  readonly steeringTime?: Written<Duration> | undefined;
}

const download = lazily(() =>
  z.strictObject({
    bytes: bytes({ min: 1 }).describe('what each start of an instance needs'),
    bytesPerSecond: bytes({ min: 1 }).describe('what all starting instances of a cluster get together, each second'),
    bytesPerSecondEach: bytes({ min: 1 }).optional().describe('what one of them gets at most; default as much as all'),
    timeout: duration({ min: 1 }).describe('a download that takes longer begins again from nothing'),
    concurrent: count({ min: 1 }).optional().describe('downloads at once in a cluster; default no limit'),
    warmShare: share().prefault(0.1).describe('share of the bytes that still comes through the limit from warm caches'),
  }),
);

/** The rules of this section. */
export const dataPlaneSection: () => z.ZodType<DataPlaneSection, DataPlaneDocument> = lazily(() =>
  z.strictObject({
    replicas: count({ min: 1, max: 5000 }).optional().describe('instances of each service; default pods over services'),
    callGraph: z
      .strictObject({
        fanOut: count({ min: 1, max: 50 })
          .prefault(2)
          .describe('services that one service calls for a request at most'),
        popularity: number({ min: 0, max: 5 }).prefault(1).describe('exponent of the Zipf law of names; 0 = all alike'),
        retries: count({ max: 10 }).prefault(1).describe('times that a failed call is repeated on another instance'),
        callTime: duration().prefault('5 ms').describe('time of one call of a sampled request'),
      })
      .prefault({}),
    pools: z
      .strictObject({
        connections: count({ min: 1, max: 100 }).prefault(1).describe('connections of a caller to one service'),
        lifetime: durationDistribution()
          .prefault({ distribution: 'exponential', mean: '10 min' })
          .describe('how long a connection lives before its name is looked up again'),
        connectTimeout: duration().prefault('1 s').describe('patience with an address where nobody answers'),
      })
      .prefault({}),
    lookups: z
      .strictObject({
        firstRetry: duration({ min: 1 })
          .prefault('1 s')
          .describe('wait after a lookup that failed, doubling with jitter'),
        longestRetry: duration({ min: 1 }).prefault('30 s'),
        cacheTtl: duration().prefault('0 s').describe('how long a runtime remembers addresses (JVM: 30 s or for ever)'),
        cacheShare: share().prefault(1).describe('share of services whose runtime does so'),
      })
      .prefault({}),
    churn: z
      .strictObject({
        deploymentsPerDay: number({ min: 0 })
          .prefault(0)
          .describe('times a day that a pod is replaced through the API'),
        lossesPerDay: number({ min: 0 })
          .prefault(0)
          .describe('times a day that a pod is lost with its node or evicted'),
        crashesPerDay: number({ min: 0 }).prefault(0).describe('times a day that a container dies and starts again'),
      })
      .prefault({}),
    startUp: z
      .strictObject({
        exitAfter: duration({ min: 1 }).optional().describe('an instance that lacks a connection for this long exits'),
        download: download().optional(),
      })
      .prefault({}),
    samplesPerSecond: number({ min: 0, max: 1000 })
      .prefault(0.2)
      .describe('requests of each product carried through one by one, each second'),
    steeringTime: duration().prefault('0 s').describe('mean time in which traffic follows the global balancer'),
  }),
);
