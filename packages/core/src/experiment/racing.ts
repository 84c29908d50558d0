/**
 * The cheapest of many candidates that meets a goal, from runs that each say yes or no. Candidates race in the order of their
 * costs: the cheapest few that are still undecided make the next runs, under the same replications and so with common random
 * numbers, and each leaves the race as soon as its own outcomes decide (racing: O. Maron and A. W. Moore, NIPS 6, 1994;
 * M. Birattari et al., GECCO 2002). What decides is A. Wald's sequential probability ratio test (Annals of Mathematical
 * Statistics 16, 1945) between "meets the goal with probability `chance`" and "with `doubtful` or less"; between the two
 * either answer is right. A candidate that fails is so recognised after a few runs, and dear ones make none at all.
 */

/** What races, and what counts. */
export interface RaceOptions {
  /** By candidate; of equal costs the first is taken for the cheaper. */
  readonly costs: readonly number[];
  /** Probability of a yes from which a candidate meets the goal; default 0.9. */
  readonly chance?: number;
  /** Probability up to which it does not; default 0.6. Closer to `chance` means more runs. */
  readonly doubtful?: number;
  /**
   * Probability with which no candidate of `doubtful` or less is said to meet the goal, over the whole race, and with which
   * one of `chance` or more is not thrown out, for each; default 0.95.
   */
  readonly confidence?: number;
  /** Candidates that run side by side; default 4. */
  readonly lanes?: number;
  /** Runs of a candidate in each round; default 3. */
  readonly heat?: number;
  /** Runs of one candidate at most, after which it stays undecided; default 60. */
  readonly most?: number;
  /** The race goes on until so many more are found to meet the goal, if there are; default 1. */
  readonly runnersUp?: number;
}

/** One run of a candidate. */
export interface RaceTrial {
  readonly candidate: number;
  readonly replication: number;
}

/** How far a candidate came. */
export interface Contender {
  readonly candidate: number;
  readonly hits: number;
  readonly count: number;
  /** `open`: dearer than what was looked for, so it was not, or not fully, tried. */
  readonly verdict: 'meets' | 'fails' | 'undecided' | 'open';
}

/** How the race ended. */
export interface RaceResult {
  /** Cheapest candidate that meets the goal; `null` when none does. */
  readonly winner: number | null;
  /** By candidate. */
  readonly contenders: readonly Contender[];
  readonly runs: number;
}

/** A race under way: it yields the runs it wants and is handed whether each was a yes, in the same order. */
export type Race = Generator<readonly RaceTrial[], RaceResult, readonly boolean[]>;

interface Lane {
  readonly candidate: number;
  hits: number;
  count: number;
  verdict: Contender['verdict'];
}

/** Races the candidates. Throws RangeError for impossible options. */
export function* race(options: RaceOptions): Race {
  checkOptions(options);
  const { costs, lanes: width = 4, heat = 3, runnersUp = 1 } = options;
  const all = costs.map((_, candidate): Lane => ({ candidate, hits: 0, count: 0, verdict: 'open' }));
  const byCost = [...all].sort((a, b) => costs[a.candidate]! - costs[b.candidate]! || a.candidate - b.candidate);
  let runs = 0;
  for (;;) {
    const racing = stillRacing(byCost, runnersUp + 1).slice(0, width);
    if (racing.length === 0) break;
    const trials = racing.flatMap(({ candidate, count }) =>
      Array.from({ length: heat }, (_, index): RaceTrial => ({ candidate, replication: count + index })),
    );
    const outcomes = yield trials;
    if (outcomes.length !== trials.length) {
      throw new RangeError(`race: expected ${trials.length} outcomes, got ${outcomes.length}`);
    }
    runs += trials.length;
    racing.forEach((lane, index) => settle(lane, outcomes.slice(index * heat, (index + 1) * heat), options));
  }
  const winner = byCost.find(({ verdict }) => verdict === 'meets')?.candidate ?? null;
  return { winner, contenders: all.map((lane) => ({ ...lane })), runs };
}

/** Candidates to be tried, the cheapest first, up to where enough are known to meet the goal. */
function stillRacing(byCost: readonly Lane[], wanted: number): Lane[] {
  const open: Lane[] = [];
  let found = 0;
  for (const lane of byCost) {
    if (lane.verdict === 'meets' && ++found === wanted) break;
    if (lane.verdict === 'open') open.push(lane);
  }
  return open;
}

/** Takes outcomes in, in order, until they decide; those made beyond are counted as well. */
function settle(lane: Lane, outcomes: readonly boolean[], options: RaceOptions): void {
  const { chance = 0.9, doubtful = 0.6, confidence = 0.95, most = 60, costs } = options;
  const error = 1 - confidence;
  const upper = Math.log((1 - error) / (error / costs.length));
  const lower = Math.log(error / (1 - error / costs.length));
  for (const isHit of outcomes) {
    lane.count++;
    if (isHit) lane.hits++;
    const misses = lane.count - lane.hits;
    const ratio = lane.hits * Math.log(chance / doubtful) + misses * Math.log((1 - chance) / (1 - doubtful));
    if (lane.verdict !== 'open') continue;
    if (ratio >= upper) lane.verdict = 'meets';
    else if (ratio <= lower) lane.verdict = 'fails';
  }
  if (lane.verdict === 'open' && lane.count >= most) lane.verdict = 'undecided';
}

function checkOptions(options: RaceOptions): void {
  const { costs, chance = 0.9, doubtful = 0.6, confidence = 0.95 } = options;
  if (costs.length === 0) throw new RangeError('race: expected at least one candidate, got none');
  const odd = costs.find((cost) => !Number.isFinite(cost));
  if (odd !== undefined) throw new RangeError(`race: costs must be finite, got ${odd}`);
  if (!(doubtful > 0 && doubtful < chance && chance < 1)) {
    throw new RangeError(`race: expected 0 < doubtful < chance < 1, got ${doubtful} and ${chance}`);
  }
  if (!(confidence > 0.5 && confidence < 1)) {
    throw new RangeError(`race: confidence must be inside (0.5, 1), got ${confidence}`);
  }
  for (const [name, value] of Object.entries({ lanes: 4, heat: 3, most: 60, runnersUp: 1, ...options })) {
    if (!['lanes', 'heat', 'most', 'runnersUp'].includes(name)) continue;
    const least = name === 'runnersUp' ? 0 : 1;
    if (!(Number.isSafeInteger(value) && (value as number) >= least)) {
      throw new RangeError(`race: ${name} must be a whole number >= ${least}, got ${String(value)}`);
    }
  }
}
