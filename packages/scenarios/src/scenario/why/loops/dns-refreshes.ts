/**
 * Names that cannot be refreshed are asked for again after the negative TTL instead of after the TTL: more load on the
 * control plane from those who wait for it.
 *
 * Gain: while API servers are exhausted, one lookup more crowds out as much work as it brings; a share `s` of that work
 * are lookups, and each lookup that fails comes back `k` times: gain `u s k`, with `u` the share of time exhausted. It is
 * the part of the retry loop that goes through DNS. A lookup that fails because nobody answers it at all feeds nothing
 * back to the load of a server, and counts as nothing here, however long it goes on.
 *
 * Bias: `k` counts repetitions that were sent while their record could not be answered. The first one of a record that is
 * served stale is not among them, so that the gain is a little too low there.
 */
import { median } from '@brownout/core';
import type { LoopCandidate } from '../loop.ts';
import type { LoopHistory } from '../loop-history.ts';

/** See above. */
export const dnsRefreshes: LoopCandidate = {
  id: 'dns-refreshes',
  name: 'names asked for again',
  from: 'records cannot be refreshed',
  to: 'the API is asked again after each negative TTL',
  measure: (history: LoopHistory) => {
    const dns = history.groupNamed('registry-dns');
    let repeats = 0;
    let failures = 0;
    const shares: number[] = [];
    const gains = history.windows.map((window) => {
      const group = window.groups[dns];
      if (group === undefined || group.repeats === 0 || group.failed === 0) return Number.NaN;
      repeats += group.repeats;
      failures += group.failed;
      const share = window.onCoresTotal === 0 ? 0 : (window.onCores[dns] ?? 0) / window.onCoresTotal;
      shares.push(share);
      return window.exhausted * share * Math.min(1, group.repeats / group.failed);
    });
    return { gains, evidence: { repeats, failures, shareOfWork: shares.length === 0 ? 0 : median(shares) } };
  },
};
