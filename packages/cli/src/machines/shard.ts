import { replicationKey, shardOf, type Replication, type ShardPart } from '@brownout/scenarios';
import { InputError } from '../input-error.ts';
import type { MakeOptions, RunMaker } from '../pool/pool.ts';
import { ticketsOf } from './contract.ts';

/** One share of a study, made here; the others are made elsewhere, and `brownout merge` puts them together. */

/** A share as asked for. */
export type Shard = Pick<ShardPart, 'index' | 'count'>;

/** The share of the study is made: the study itself cannot go on, for it has not seen the rest. */
export class ShardMade extends Error {
  readonly shard: Shard;
  /** Runs in this share, out of how many in the whole study. */
  readonly made: number;
  readonly wanted: number;

  constructor(shard: Shard, made: number, wanted: number) {
    super(`Share ${shard.index} of ${shard.count}: ${made} of ${wanted} runs are made`);
    this.name = 'ShardMade';
    this.shard = shard;
    this.made = made;
    this.wanted = wanted;
  }
}

/** More shares than any cluster has machines. */
const mostShards = 100_000;

/**
 * `--shard` as typed: `2/8`, or `auto` and `auto/8` for the pod of an Indexed Job of Kubernetes, which finds its index, from 0,
 * in JOB_COMPLETION_INDEX. Of how many, Kubernetes does not say: `auto` alone reads JOB_COMPLETIONS, which the manifest sets.
 */
export function readShard(text: string, environment: Readonly<Record<string, string | undefined>>): Shard {
  const got = `got ${JSON.stringify(text)}`;
  const [, first, second] = /^(auto|\d{1,6})(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  if (first === undefined || (first !== 'auto' && second === undefined)) {
    throw new InputError(`--shard: expected 1/8 to 8/8, auto/8 or auto, ${got}`);
  }
  const isAuto = first === 'auto';
  const index = isAuto ? fromEnvironment('JOB_COMPLETION_INDEX', environment, 0) + 1 : Number(first);
  const count = second === undefined ? fromEnvironment('JOB_COMPLETIONS', environment, 1) : Number(second);
  if (count < 1 || count > mostShards) throw new InputError(`--shard: expected 1 to ${mostShards} shares, ${got}`);
  if (index >= 1 && index <= count) return { index, count };
  const where = isAuto ? `JOB_COMPLETION_INDEX is ${index - 1}, which is share ${index}` : got;
  throw new InputError(`--shard: shares of ${count} are 1/${count} to ${count}/${count}, ${where}`);
}

/** Refuses `--shard` for a study that decides from runs which ones it needs next. */
export function refuseShard(command: string, why: string, typed: string | undefined): void {
  if (typed === undefined) return;
  throw new InputError(
    `${command}: ${why}, so nobody knows beforehand which runs belong to a share. ` +
      'Leave out --shard; with --redis <url> workers on many machines make the runs of one study.',
  );
}

function fromEnvironment(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  least: number,
): number {
  const text = environment[name];
  if (text !== undefined && /^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text);
  const got = text === undefined ? 'it is not set' : `got ${JSON.stringify(text)}`;
  throw new InputError(`--shard auto: expected a number from ${least} on in ${name}, ${got}`);
}

/**
 * Makes a share of the first list of runs that a study asks for, and then ends the study with `ShardMade`: for studies that
 * ask for all their runs at once. `begin` is told of the share before the first run.
 */
export function sharing(maker: RunMaker, shard: Shard, begin: (part: ShardPart) => void): RunMaker {
  return {
    make: async (wanted, options = {}): Promise<readonly Replication[]> => {
      const { tickets, runs } = ticketsOf(wanted, Infinity);
      begin({ ...shard, runs: tickets.map(({ hash, until, seeds }) => ({ hash, until, seeds })) });
      const first = new Map(runs.map((run, place) => [replicationKey(run), place] as const).reverse());
      const once = wanted.filter((_, place) => first.get(replicationKey(runs[place]!)) === place);
      const share = once.filter((_, place) => shardOf(place, shard.count) === shard.index);
      await maker.make(share, watched(options));
      throw new ShardMade(shard, share.length, once.length);
    },
  };
}

function watched({ signal, onProgress }: MakeOptions): MakeOptions {
  return { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) };
}
