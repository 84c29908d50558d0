import type { ShardPart } from '@brownout/scenarios';
import { InputError } from '../input-error.ts';
import type { RunMaker } from '../pool/pool.ts';
import { redisUrlOf } from './redis/address.ts';
import { readShard, sharing, type Shard } from './shard.ts';

/** Where the runs of a study are made, as typed, and what makes them there. */

/** Options of the commands over many runs. */
export interface MachineOptions {
  /** `--redis <url>`; true for `--redis` alone, which takes the address from BROWNOUT_REDIS. */
  readonly redis?: string | true;
  readonly shard?: string;
}

/** The same, read. */
export interface Machines {
  readonly redis: string | undefined;
  readonly shard: Shard | undefined;
}

/** Reads the options. Throws `InputError`. */
export function readMachines(
  { redis, shard }: MachineOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Machines {
  const url = redis === undefined ? undefined : redisUrlOf(redis === true ? undefined : redis, environment);
  if (redis !== undefined && url === undefined) {
    throw new InputError('--redis: expected a URL behind it, or BROWNOUT_REDIS in the environment');
  }
  return { redis: url, shard: shard === undefined ? undefined : readShard(shard, environment) };
}

/** Refuses what makes no sense for one run alone. */
export function refuseForOneRun({ redis, shard }: MachineOptions): void {
  const typed = redis === undefined ? (shard === undefined ? undefined : '--shard') : '--redis';
  if (typed !== undefined)
    throw new InputError(`${typed}: one run is made here; it is for --replications of 2 and more`);
}

/** The name of a study's file, or that of one share of it: `replications-2-of-8.ndjson`. */
export function shareFileName(name: string, shard: Shard | undefined): string {
  return shard === undefined ? name : name.replace(/(?=\.\w+$)/, `-${shard.index}-of-${shard.count}`);
}

/** Makers of runs that may have to be let go of. */
export interface MachinesAtWork {
  readonly maker: RunMaker;
  close(): Promise<void>;
}

/** What a study's runs are made by: threads, or workers at a Redis; all of them, or one share. */
export async function startMachines(
  { redis, shard }: Machines,
  parts: {
    /** Threads of this process; none is started unless it has something to make. */
    readonly pool: RunMaker;
    /** Wraps what makes runs into what remembers them. */
    readonly remember: (maker: RunMaker) => RunMaker;
    /** Told of a share before its first run. */
    readonly begin: (part: ShardPart) => void;
    readonly say: (text: string) => void;
  },
): Promise<MachinesAtWork> {
  const { pool, remember, begin, say } = parts;
  const shared = (maker: RunMaker): RunMaker => (shard === undefined ? maker : sharing(maker, shard, begin));
  if (redis === undefined) return { maker: shared(remember(pool)), close: () => Promise.resolve() };
  const { RedisMachines } = await import('./redis/sender.ts');
  const machines = await RedisMachines.connect({ url: redis, say, local: pool });
  return { maker: shared(remember(machines)), close: () => machines.close() };
}
