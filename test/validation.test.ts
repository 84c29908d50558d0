/**
 * The committed tables of docs/validation are those of the documents and the engine as they are. The documents of all rows
 * are compared; of the first three seeds of each variant as many are run again as the budget allows, and what is left out
 * is said. Runs of the smaller model have a budget of their own, and are others with every state of the sources.
 * `BROWNOUT_VALIDATION_EVENTS` sets the budget in millions of events, half of it for the smaller model on top; without it
 * `BROWNOUT_ALL_TESTS=1` leaves nothing out.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { engineVersion, incidents, incidentStudies } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { type DataFile, readData } from '../scripts/validate/data-file.ts';
import { planFor, type Studied } from '../scripts/validate/incident-plan.ts';
import { runJobs } from '../scripts/validate/pool.ts';
import {
  choose,
  chooseInTurn,
  type Comparison,
  compareDocuments,
  differenceOf,
  type Recheck,
} from '../scripts/validate/rerun.ts';
import { sourcesFingerprint } from '../scripts/validate/sources.ts';

const folder = join(import.meta.dirname, '../docs/validation/data');
const again = 'If what changed is right: `pnpm validate`, and say in the changelog which results move.';
/** About a minute of one core at the pace of full-size replays; the incident as it was is run in any case, whatever it takes. */
const usualBudget = 35e6;
/** About twenty seconds of one core: some fifteen runs of the smaller model. */
const smallerBudget = 25e6;

const isEverything = process.env['BROWNOUT_ALL_TESTS'] === '1';
const asked = process.env['BROWNOUT_VALIDATION_EVENTS'];
const budgetOf = (usual: number, share = 1): number =>
  asked === undefined ? (isEverything ? Infinity : usual) : Number(asked) * 1e6 * share;

const files: readonly DataFile[] = readdirSync(folder)
  .sort()
  .filter((name) => name.endsWith('.json'))
  .map((name) => readData(readFileSync(join(folder, name), 'utf8'), name));

function studiedOf({ incident: id, table }: DataFile): Studied {
  const incident = incidents.find((one) => one.id === id);
  const study = incidentStudies[id];
  if (incident === undefined || study === undefined) throw new Error(`${id}.${table}.json: no such incident any more`);
  return { incident, study };
}

/** Tables in the order of the plan, so that the incident as it was comes first. */
const order = [
  'bands',
  'counterfactuals',
  'threshold',
  'mitigations',
  'recovery',
  'draws',
  'draws-roll-back',
  'one-at-a-time',
];
const compared: readonly { readonly file: DataFile; readonly comparison: Comparison }[] = [...files]
  .sort((a, b) => order.indexOf(a.table) - order.indexOf(b.table))
  .map((file) => ({ file, comparison: compareDocuments(studiedOf(file), file) }));

describe('the committed tables', () => {
  it('are there, with runs that can be made again', () => {
    expect(files.map(({ incident, table }) => `${incident}.${table}`)).toContain('openai-2024-12-11.bands');
    expect(compared.some(({ comparison }) => comparison.candidates.length > 0)).toBe(true);
  });

  it('were made by this version of the engine', () => {
    for (const file of files) expect(file.engine).toBe(engineVersion);
  });

  it('are of the documents as they are', () => {
    expect(compared.flatMap(({ comparison }) => comparison.outdated).slice(0, 20), again).toEqual([]);
  });

  it('have a place for every table of the order in which they are run again', () => {
    for (const file of files) expect(order).toContain(file.table);
    for (const [id, study] of Object.entries(incidentStudies)) {
      const incident = incidents.find((one) => one.id === id)!;
      const plan = planFor({ incident, study }, { replications: 1, draws: 1, decisive: [] });
      for (const table of plan) expect(order).toContain(table.id);
    }
  });

  it('come out again, number for number', { timeout: 24 * 3_600_000 }, async () => {
    const candidatesOf = (model: 'smaller' | undefined): (readonly Recheck[])[] =>
      compared.flatMap(({ file, comparison }) => (file.size.model === model ? [comparison.candidates] : []));
    const turn = Number.parseInt(sourcesFingerprint(join(import.meta.dirname, '..')).slice(0, 8), 16);
    const whole = choose(candidatesOf(undefined), budgetOf(usualBudget));
    const smaller = chooseInTurn(candidatesOf('smaller'), budgetOf(smallerBudget, 0.5), turn);
    for (const [of, { chosen, left, events }] of Object.entries({ whole, smaller })) {
      process.stdout.write(`${summaryText(of, chosen, left, events)}\n`);
    }
    const chosen = [...whole.chosen, ...smaller.chosen];
    const differences: string[] = [];
    await runJobs(
      chosen.map(({ job }) => job),
      {
        threads: availableParallelism(),
        sources: '',
        signal: new AbortController().signal,
        onRow: (job, row) => differences.push(differenceOf(chosen.find((one) => one.job === job)!, row)),
        onFailure: (job, failure) => differences.push(`${job.table}/${job.variant} seed ${job.seed}: ${failure}`),
      },
    );
    expect(differences).toHaveLength(chosen.length);
    expect(differences.filter(Boolean), again).toEqual([]);
  });
});

function summaryText(of: string, chosen: readonly Recheck[], left: readonly Recheck[], events: number): string {
  const counts = (list: readonly Recheck[], isBrief = false): string => {
    const byVariant = new Map<string, number>();
    for (const { job } of list) {
      const name = isBrief ? job.table : `${job.table}/${job.variant}`;
      byVariant.set(name, (byVariant.get(name) ?? 0) + 1);
    }
    return [...byVariant].map(([name, count]) => `${name} (${count})`).join(', ');
  };
  const made = `validation, ${of} model: ${chosen.length} committed runs are made again (${(events / 1e6).toFixed(1)} M events): ${counts(chosen)}`;
  if (left.length === 0) return made;
  return `${made}\nvalidation, ${of} model: left out ${left.length}, a larger BROWNOUT_VALIDATION_EVENTS makes them too: ${counts(left, of === 'smaller')}`;
}
