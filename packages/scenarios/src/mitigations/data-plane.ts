/** Mitigations in how instances of services start. */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { numberOf, shareOf } from './stated.ts';

/** Downloads one after the other. */
export const startUpLimit: Mitigation = defineMitigation({
  id: 'start-up-limit',
  theme: 'data plane',
  title: 'Fewer start-up downloads at once',
  what: 'Of the instances that start in a cluster only so many download what they need at once, so those get through before their time-out instead of all of them starting over.',
  costs: 'On a quiet day a large deployment takes longer.',
  leavesOut:
    'The bytes, which all have to come in the end. A limit at which the downloads together do not fill what the cluster shares makes starting slower. Without start-up downloads in the document it changes nothing.',
  parameters: {
    concurrent: { kind: 'count', default: 20, description: 'downloads at once in a cluster, at most' },
  },
  apply({ dataPlane }, { concurrent }) {
    const download = dataPlane?.startUp?.download;
    const limit = Math.max(1, concurrent);
    if (download !== undefined && (numberOf(download.concurrent) ?? Infinity) > limit) download.concurrent = limit;
  },
});

/** Downloads that hardly happen. */
export const startUpCache: Mitigation = defineMitigation({
  id: 'start-up-cache',
  theme: 'data plane',
  title: 'Caches of start-up downloads',
  what: 'Warm caches keep what instances need to start, so a smaller share of the bytes goes through the limit that all of a cluster share.',
  costs: 'Caches to run and to fill; stale ones start instances with what was right yesterday.',
  leavesOut: 'Caches that are cold. Without start-up downloads in the document it changes nothing.',
  parameters: {
    warmShare: { kind: 'share', default: 0.01, description: 'share of the bytes that still comes through, at most' },
  },
  apply({ dataPlane }, { warmShare }) {
    const download = dataPlane?.startUp?.download;
    // The default of the document (sections/data-plane.ts).
    if (download !== undefined && (shareOf(download.warmShare) ?? 0.1) > warmShare) download.warmShare = warmShare;
  },
});
