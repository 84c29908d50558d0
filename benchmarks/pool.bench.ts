/**
 * Two threads of the pool beside two independent processes: 32 replications of a mid-size scenario, about a second each, made
 * by either in turn. Both times begin before the first thread or process is started. Prints one JSON line; `share` is what
 * the pool reaches of the processes' throughput, by round, and its median is to be 0.9 or more on a machine with two idle
 * cores. Run on the built packages, as users have them:
 *
 *     node --import tsx benchmarks/pool.bench.ts [rounds] [--quick]
 */
import { median } from '@brownout/core';
import { incidents, makeReplication, type Wanted } from '@brownout/scenarios';
import { createPool } from 'brownout';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const isQuick = process.argv.includes('--quick');
const replications = isQuick ? 4 : 32;
const side = 2;

/** The template of a telemetry rollout, cut so that a run takes about a second. */
const document = incidents.find(({ id }) => id === 'telemetry-rollout')!.document();
const untilSeconds = 600;

function wanted(first: number, count: number): Wanted[] {
  return Array.from({ length: count }, (_, i) => ({ document, seed: String(first + i), untilSeconds }));
}

/** In a process of its own: makes its part and ends. */
function work(first: number): void {
  const digests = wanted(first, replications / side).map((one) => makeReplication(one)!.digest);
  process.stdout.write(`${digests.join(' ')}\n`);
}

async function secondsOf(
  make: () => Promise<readonly string[]>,
): Promise<{ seconds: number; digests: readonly string[] }> {
  const start = process.hrtime.bigint();
  const digests = await make();
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, digests };
}

async function byPool(): Promise<readonly string[]> {
  const pool = createPool({ workers: side });
  try {
    return (await pool.make(wanted(1, replications))).map(({ digest }) => digest);
  } finally {
    await pool.close();
  }
}

async function byProcesses(): Promise<readonly string[]> {
  const parts = Array.from({ length: side }, (_, i) => start(1 + (i * replications) / side));
  return (await Promise.all(parts)).flat();
}

function start(first: number): Promise<readonly string[]> {
  const program = [...process.execArgv, fileURLToPath(import.meta.url), ...(isQuick ? ['--quick'] : [])];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, `--from=${first}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(text.trim().split(' ')) : reject(new Error(`ended with ${code}`)),
    );
  });
}

async function measure(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 3) || 3;
  const shares: number[] = [];
  const seconds: { pool: number; processes: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    // Taking turns to be first, so that a machine that warms up or is busy favours neither.
    const [first, second] = round % 2 === 0 ? [byProcesses, byPool] : [byPool, byProcesses];
    const times = [await secondsOf(first), await secondsOf(second)] as const;
    if (times[0].digests.join() !== times[1].digests.join())
      throw new Error('pool and processes differ in what they made');
    const [processes, pool] = round % 2 === 0 ? times : ([times[1], times[0]] as const);
    shares.push(processes.seconds / pool.seconds);
    seconds.push({ pool: pool.seconds, processes: processes.seconds });
  }
  process.stdout.write(`${JSON.stringify({ replications, seconds, share: shares, medianShare: median(shares) })}\n`);
}

const from = process.argv.find((argument) => argument.startsWith('--from='));
if (from === undefined) await measure();
else work(Number(from.slice('--from='.length)));
