/**
 * Whether an alternative was better by luck: the session and what it is compared with, run again under other seeds. Everybody does
 * the same at the same times; who acts in reaction to what they see would have acted differently on another day.
 */
import { seedAt } from '../experiment/replication.ts';
import type { SeedSpread } from './debrief.ts';
import type { DrillOutcome, DrillRun } from './drill-run.ts';

/** Other seeds at most: what more of them would say is said by a sweep. */
export const mostSeeds = 30;

/** Asks for the runs, all in one list; what came out is by the key of the run under its own seed. */
export function* underSeeds(
  session: DrillRun,
  others: readonly DrillRun[],
  seeds: number,
  toleranceOf: (lostMinutes: number) => number,
): Generator<readonly DrillRun[], ReadonlyMap<string, SeedSpread>, readonly DrillOutcome[]> {
  if (!(Number.isInteger(seeds) && seeds >= 0 && seeds <= mostSeeds))
    throw new RangeError(`debrief: expected 0 to ${mostSeeds} other seeds, got ${seeds}`);
  if (seeds === 0 || others.length === 0) return new Map();
  const all = [session, ...others];
  const wanted = Array.from({ length: seeds }, (_, index) => seedAt(session.seed, index + 1)).flatMap((seed) =>
    all.map((run) => ({ ...run, seed, key: `${run.key} under seed ${seed}`, title: `${run.title}, seed ${seed}` })),
  );
  const made = yield wanted;
  const lost = (place: number, index: number): number => made[index * all.length + place]!.lostMinutes;
  return new Map(
    others.map(({ key }, place) => {
      const differences = Array.from({ length: seeds }, (_, index) => lost(place + 1, index) - lost(0, index));
      const isMore = (index: number, difference: number): boolean => difference > toleranceOf(lost(0, index));
      return [
        key,
        {
          seeds,
          better: differences.filter((difference, index) => isMore(index, -difference)).length,
          worse: differences.filter((difference, index) => isMore(index, difference)).length,
          leastMinutes: Number(Math.min(...differences).toPrecision(6)),
          mostMinutes: Number(Math.max(...differences).toPrecision(6)),
        },
      ];
    }),
  );
}

/** "better under 3 of 4 other seeds, worse under 1"; "no difference under 4 other seeds". */
export function seedSpreadText({ seeds, better, worse }: SeedSpread): string {
  const other = `other seed${seeds === 1 ? '' : 's'}`;
  if (better + worse === 0) return `no difference under ${seeds} ${other}`;
  const [word, count, rest, left] =
    better >= worse ? ['better', better, 'worse', worse] : ['worse', worse, 'better', better];
  return `${word} under ${count} of ${seeds} ${other}${left === 0 ? '' : `, ${rest} under ${left}`}`;
}
