/**
 * How many further deaths one death of an API server brings about, through the clients that it sends to the others.
 *
 * Each later death is credited to those before it, as far as clients that came from them took part in it; the sum of the
 * credits of a death is its number of offspring, and the mean over the deaths of a window its branching ratio. This is the
 * case reproduction number of epidemiology (Wallinga and Teunis, American Journal of Epidemiology 160, 2004), with bytes
 * held instead of the time between two cases as the evidence for who caused whom.
 *
 * A death for memory is credited in full when a tenth of the limit or more was held for clients that had moved: without
 * them the process had lived on, for a while at least. Below a tenth it is credited in proportion. Among the deaths before
 * it, and among the kinds of requests, the credit is divided by bytes. Clients that come back to the server they had been
 * connected to are no storm: they are what it has to bear anyway. Memory that requests do not hold any more but the
 * process has not given back is taken to have come from them in equal measure. A death for liveness has no such margin; it
 * is credited with the share that moved clients have in the requests inside.
 *
 * Bias: upwards where the process would have died soon after anyway (`broughtShare` in the evidence, the plain share of
 * the bytes, is the lower bound); downwards for deaths at the end of a run, whose offspring are not born yet, and for
 * clients that moved longer ago than the longest crash back-off. In an endless cycle of crashes every death has a parent,
 * so the ratio tends to one; it says that the cycle feeds itself, not that it would fit without the storm.
 */
import type { Death } from '../../../operations/why/deaths.ts';
import type { GroupInside } from '../../../operations/why/inside.ts';
import type { LoopHistory } from '../loop-history.ts';
import type { LoopMeasurement } from '../loop.ts';

/** Free share of the limit that a process does not lose at once. Assumed: a tenth, what watermarks usually leave. */
const MARGIN = 0.1;

/** Which deaths count as offspring, and through which requests. */
export interface Descent {
  readonly reason: 'memory' | 'liveness';
  readonly through: (group: GroupInside) => boolean;
}

/** Branching ratio by window. */
export function branching(history: LoopHistory, descent: Descent): LoopMeasurement {
  const deaths = history.site.failures.deaths.all;
  const offspring = new Float64Array(deaths.length);
  let credited = 0;
  let brought = 0;
  let candidates = 0;
  for (const child of deaths) {
    if (child.reason !== descent.reason) continue;
    candidates++;
    const parts = partsOf(child, deaths, descent);
    credited += parts.credit;
    brought += parts.share;
    for (const [parent, weight] of parts.weights) offspring[parent]! += parts.credit * weight;
  }
  const ends = history.windows.map(({ start }, index) => history.windows[index + 1]?.start ?? start + MINUTE);
  let next = 0;
  const gains = history.windows.map((_, index) => {
    let [parents, children] = [0, 0];
    for (; next < deaths.length && deaths[next]!.at < ends[index]!; next++) {
      parents++;
      children += offspring[next]!;
    }
    return parents === 0 ? Number.NaN : children / parents;
  });
  return {
    gains,
    overall: deaths.length === 0 ? 0 : credited / deaths.length,
    evidence: {
      deaths: deaths.length,
      candidates,
      offspring: credited,
      broughtShare: candidates === 0 ? 0 : brought / candidates,
    },
  };
}

const MINUTE = 60_000_000;

interface Parts {
  /** Credit of all parents together, 0..1. */
  readonly credit: number;
  /** Plain share of what was inside that moved clients had brought. */
  readonly share: number;
  /** How the credit is divided among parents; adds up to at most 1. */
  readonly weights: ReadonlyMap<number, number>;
}

function partsOf(child: Death, deaths: readonly Death[], { reason, through }: Descent): Parts {
  const isMemory = reason === 'memory';
  let counted = 0;
  let all = 0;
  const byParent = new Map<number, number>();
  for (const group of child.inside.groups) {
    const isCounted = through(group);
    for (const { death, bytes, requests } of group.moved.values()) {
      if (deaths[death]!.server === child.server) continue;
      const amount = isMemory ? bytes : requests;
      all += amount;
      if (!isCounted) continue;
      counted += amount;
      byParent.set(death, (byParent.get(death) ?? 0) + amount);
    }
  }
  const total = isMemory ? child.inside.bytes : child.inside.requests;
  if (counted === 0 || total === 0) return { credit: 0, share: 0, weights: byParent };
  for (const [parent, amount] of byParent) byParent.set(parent, amount / counted);
  const share = counted / total;
  if (!isMemory) return { credit: share, share, weights: byParent };
  const held = child.limitBytes - child.baselineBytes;
  const moved = (all / total) * Math.max(held, total);
  const credit = Math.min(1, moved / (MARGIN * child.limitBytes)) * (counted / all);
  return { credit, share, weights: byParent };
}
