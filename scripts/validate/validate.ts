/** `pnpm validate` from plan to pages: what is missing is run, what is there is written. */
import { documentHash, engineVersion } from '@brownout/scenarios';
import { committedResults } from './committed.ts';
import { planFor, type PlanSize, type Studied } from './incident-plan.ts';
import type { Options } from './options.ts';
import { type Job, jobsOf, type TablePlan } from './plan.ts';
import { runJobs } from './pool.ts';
import { Progress, type Screen } from './progress.ts';
import { decidedBy } from './questions.ts';
import { byId, resultsOf, type TableResult } from './results.ts';
import { decisivePriors, sensitivityOf } from './sensitivity.ts';
import { stemOf } from './smaller.ts';
import { type Engine, standingOf } from './standing.ts';
import { RowStore } from './store.ts';
import { writeAll } from './write.ts';

/** Priors that are varied one at a time. */
const decisiveCount = 6;

/** What of the arguments is left to this part: the rest has become `Surroundings`. */
type Asked = Omit<Options, 'incidents' | 'model' | 'cache' | 'isHelp'>;

/** What the command works with. */
export interface Surroundings {
  /** Fingerprint of the engine's sources. */
  readonly sources: string;
  /** Where rows are kept; a folder per incident. */
  readonly cache: (incident: string) => string;
  /** Where pages are written. */
  readonly pages: string;
  readonly screen: Screen;
  /** Lists go here. */
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
  /** How much is asked for, and of which model. */
  readonly size: PlanSize;
}

/** The exit code: see `helpText`. */
export async function validate(
  studies: readonly Studied[],
  options: Asked,
  surroundings: Surroundings,
): Promise<number> {
  let code = 0;
  for (const studied of studies) {
    code = Math.max(code, await validateOne(studied, studies, options, surroundings));
    if (surroundings.signal.aborted) break;
  }
  return code;
}

/** Plans by what they were made with: drawing documents and hashing them takes seconds. */
type PlanOf = (size: PlanSize) => readonly TablePlan[];

function rememberedPlans(studied: Studied): PlanOf {
  const plans = new Map<string, readonly TablePlan[]>();
  return (size) => {
    const key = JSON.stringify(size);
    const plan = plans.get(key) ?? planFor(studied, size);
    plans.set(key, plan);
    return plan;
  };
}

async function validateOne(
  studied: Studied,
  all: readonly Studied[],
  options: Asked,
  surroundings: Surroundings,
): Promise<number> {
  const { screen, signal, sources } = surroundings;
  const store = new RowStore(surroundings.cache(studied.incident.id));
  const engine: Engine = { version: engineVersion, sources };
  // A fresh clone goes on where the committed tables end; whether their rows hold is found out as for any other's.
  const committed = committedResults(surroundings.pages, studied.incident.id, surroundings.size);
  store.takeOver(committed.flatMap(({ variants }) => variants.flatMap(({ rows }) => rows)));
  if (store.unreadable > 0) screen.write(`${store.unreadable} stored lines could not be read and are left out\n`);
  const failures: string[] = [];
  const planOf = rememberedPlans(studied);
  let size = sizeNow(studied, planOf, surroundings, store, engine);
  const isRunning = !options.isListing && !options.isWriting;
  for (;;) {
    const wanted = wantedJobs(planOf(size), options);
    const { todo, waiting } = standingOf(wanted, store, engine);
    const open = todo.filter((job) => !failures.includes(nameOf(job)));
    if (options.isListing) surroundings.print(listText(studied, planOf(size), store, engine, options));
    if (!isRunning || signal.aborted || open.length === 0) break;
    if (waiting > 0) {
      screen.write(
        `${waiting} runs by other sources, or from the committed tables, hold if the first of their kind come out alike\n`,
      );
    }
    const progress = new Progress(screen, { total: open.length, threads: Math.min(options.jobs, open.length) });
    await runJobs(open, {
      threads: options.jobs,
      sources,
      signal,
      onRow: (job, row, seconds) => {
        store.add(job.table, row);
        progress.finished(nameOf(job), seconds);
      },
      onFailure: (job, failure) => {
        failures.push(nameOf(job));
        progress.say(`${nameOf(job)} broke down: ${failure}`);
      },
    });
    // With more draws there, other priors may turn out to decide.
    size = sizeNow(studied, planOf, surroundings, store, engine);
  }
  if (options.isListing) return 0;
  return finish(studied, all, { size, plan: planOf(size), store, engine, failures }, options, surroundings);
}

/** Says what is there, and writes it when it is all there or when that was asked for. */
function finish(
  studied: Studied,
  all: readonly Studied[],
  state: {
    readonly size: PlanSize;
    readonly plan: readonly TablePlan[];
    readonly store: RowStore;
    readonly engine: Engine;
    readonly failures: readonly string[];
  },
  options: Pick<Options, 'isWriting' | 'tables' | 'only' | 'replications' | 'draws'>,
  surroundings: Surroundings,
): number {
  const { screen, pages, signal } = surroundings;
  const { size, plan, store, engine, failures } = state;
  const jobs = jobsOf(plan);
  const { rows, todo, waiting } = standingOf(jobs, store, engine);
  const missing = todo.length + waiting;
  const asked = standingOf(wantedJobs(plan, options), store, engine);
  screen.write(`${stemOf(studied.incident.id, size)}: ${rows.size} of ${rows.size + missing} runs are there\n`);
  if (options.isWriting || missing === 0) {
    const files = writeAll(pages, studied, size, resultsOf(plan, rows, engine.version), all);
    screen.write(`written: ${files.join(', ')}\n`);
  } else if (!signal.aborted) {
    screen.write('not written, because runs are missing; --write writes what is there\n');
  }
  if (signal.aborted) return 130;
  if (failures.length > 0) return 1;
  return asked.todo.length + asked.waiting > 0 ? 3 : 0;
}

/** The size of the plan: the draws that are there say which priors decide, once all of them are. */
function sizeNow(studied: Studied, planOf: PlanOf, { size }: Surroundings, store: RowStore, engine: Engine): PlanSize {
  const plan = planOf(size);
  const draws = plan.filter(({ id }) => id === 'draws' || id === 'draws-roll-back');
  const { rows } = standingOf(jobsOf(draws), store, engine);
  const results: TableResult[] = resultsOf(draws, rows, engine.version);
  const isWhole =
    results.length > 0 && results.every(({ variants }) => variants.every((one) => one.rows.length === one.asked));
  return isWhole
    ? { ...size, decisive: decisivePriors(sensitivityOf(decidedBy(studied, size), results), decisiveCount) }
    : size;
}

/** The jobs that were asked for, in the order of the plan. */
function wantedJobs(
  plan: readonly TablePlan[],
  { tables, only, replications, draws }: Pick<Options, 'tables' | 'only' | 'replications' | 'draws'>,
): Job[] {
  // Tables first: making documents takes seconds, and those of the draws take most of them.
  const asked = plan.filter(({ id }) => tables.length === 0 || tables.includes(id));
  return jobsOf(asked).filter(
    ({ table, variant, seed }) => variant.includes(only) && seed <= (table.startsWith('draws') ? draws : replications),
  );
}

function listText(
  studied: Studied,
  plan: readonly TablePlan[],
  store: RowStore,
  engine: Engine,
  options: Pick<Options, 'tables' | 'only'>,
): string {
  const { rows } = standingOf(jobsOf(plan), store, engine);
  const results = resultsOf(plan, rows, engine.version);
  const lines = [`${studied.incident.id} (document ${documentHash(studied.incident.document())})`];
  for (const { id, title, variants } of plan) {
    if (options.tables.length > 0 && !options.tables.includes(id)) continue;
    lines.push(`  ${id}: ${title}`);
    for (const variant of variants) {
      if (!variant.id.includes(options.only)) continue;
      const there = byId(byId(results, id)!.variants, variant.id)!.rows.length;
      lines.push(`    ${variant.id}: ${there} of ${variant.replications}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function nameOf({ table, variant, seed }: Job): string {
  return `${table}/${variant} seed ${seed}`;
}
