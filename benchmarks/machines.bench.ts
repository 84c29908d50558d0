/**
 * What it costs to have runs made by a worker at a Redis instead of by the pool of this process: the same jobs of about a second,
 * two at a time, made by both in turn. Start and first runs of either are not counted. Needs redis-server and built packages, since
 * those are what users have. Prints one JSON line.
 *
 *     node --import tsx benchmarks/machines.bench.ts [--quick]
 */
import { createPool, incidents, RedisMachines, replicationLine, type RunMaker, type Wanted } from 'brownout';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../packages/cli/src/free-port.ts';

const isQuick = process.argv.includes('--quick');
const workers = 2;
const rounds = isQuick ? 2 : 9;
const jobsPerRound = isQuick ? 4 : 16;
/** Length of a job that is asked for, in seconds; half of it, in a quick run. */
const wantedSeconds = isQuick ? 0.5 : 1;

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'brownout-bench-'));
const children: ChildProcess[] = [];

/** Starts a program and waits until it has written `ready`. */
async function start(command: string, words: readonly string[], ready: string): Promise<void> {
  const child = spawn(command, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.includes(ready)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${command} ended with code ${code}:\n${text}`)));
  });
}

const document = incidents.find(({ id }) => id === 'telemetry-rollout')!.document();

function jobs(first: number, count: number, untilSeconds: number): Wanted[] {
  return Array.from({ length: count }, (_, i) => ({ document, seed: String(first + i), untilSeconds }));
}

async function timed(maker: RunMaker, wanted: readonly Wanted[]): Promise<{ seconds: number; lines: string }> {
  const began = performance.now();
  const made = await maker.make(wanted);
  return { seconds: (performance.now() - began) / 1000, lines: made.map(replicationLine).join('\n') };
}

/** How much of the scenario takes about as long as a job shall; measured on one warm thread. */
async function lengthOfJob(maker: RunMaker): Promise<number> {
  // As many runs side by side as there will be later, after the threads have warmed up.
  await maker.make(jobs(900, 6 * workers, 240));
  for (let until = 240; ; until *= 1.25) {
    const rounded = Math.round(until);
    const { seconds } = await timed(maker, jobs(950, 2 * workers, rounded));
    if (seconds / 2 >= wantedSeconds || until > 20_000) return rounded;
  }
}

const port = await freePort();
const url = `redis://127.0.0.1:${port}`;
const pool = createPool({ workers });
let machines: RedisMachines | undefined;
try {
  const redisWords = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
  ];
  await start('redis-server', redisWords, 'Ready to accept connections');
  const worker = ['packages/cli/dist/main.js', 'worker'];
  await start(process.execPath, [...worker, '--redis', url, '--concurrency', String(workers)], 'waiting for jobs');
  machines = await RedisMachines.connect({ url, local: pool, say: (text) => process.stderr.write(`${text}\n`) });
  const until = await lengthOfJob(pool);
  // As warm as the pool is by now, whose threads have made more than that.
  await machines.make(jobs(900, 10 * workers, until));
  const measured: { pool: number; redis: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const wanted = jobs(1 + round * jobsPerRound, jobsPerRound, until);
    // Who begins changes from round to round, so that a machine that slows down slows both.
    const order = round % 2 === 0 ? [pool, machines] : [machines, pool];
    const [first, second] = [await timed(order[0]!, wanted), await timed(order[1]!, wanted)];
    if (first.lines !== second.lines) throw new Error('machines.bench: the two made different replications');
    const [local, remote] = order[0] === pool ? [first, second] : [second, first];
    measured.push({ pool: local.seconds, redis: remote.seconds });
  }
  const jobSeconds = (measured.reduce((sum, one) => sum + one.pool, 0) * workers) / (rounds * jobsPerRound);
  process.stdout.write(`${JSON.stringify({ workers, jobsPerRound, until, jobSeconds, rounds: measured })}\n`);
} finally {
  await machines?.close();
  await pool.close();
  for (const child of children) {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true });
}
