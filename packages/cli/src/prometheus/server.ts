/** A real Prometheus over a folder of blocks, on this machine only, for as long as questions are asked. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import { InputError } from '../input-error.ts';

const execute = promisify(execFile);

/** How Prometheus comes onto a machine without containers. */
const howToInstall =
  'install Prometheus: "apt-get install prometheus" on Debian and Ubuntu, "brew install prometheus" on macOS, or unpack an archive of prometheus.io/download and put its folder into PATH';

/** Runs `promtool`. Throws InputError when it is not installed, or with what it said when it fails. */
export async function promtool(args: readonly string[], about: string): Promise<string> {
  try {
    const { stdout } = await execute('promtool', [...args], { maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const failure = error as { readonly code?: unknown; readonly stderr?: string; readonly stdout?: string };
    if (failure.code === 'ENOENT') throw new InputError(`promtool was not found; ${howToInstall}`);
    const said = `${failure.stdout ?? ''}\n${failure.stderr ?? ''}`.trim();
    throw new InputError(`${about}: promtool says:\n${said === '' ? String(error) : said}`);
  }
}

/** One series of an answer: its labels, and its values with their instants in seconds. */
export interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: string])[];
}

/** A Prometheus under way. */
export class PrometheusServer {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
    this.#ended = new Promise((resolve) => process.once('exit', () => resolve()));
  }

  /** Starts one over `data` and waits until it answers. `folder` takes its configuration. */
  static async start(data: string, folder: string): Promise<PrometheusServer> {
    mkdirSync(data, { recursive: true });
    const configuration = join(folder, 'prometheus.yml');
    writeFileSync(configuration, 'global: {}\n');
    const address = `127.0.0.1:${await freePort()}`;
    const process = spawn(
      'prometheus',
      [
        `--config.file=${configuration}`,
        `--storage.tsdb.path=${data}`,
        // What is simulated may lie years back.
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=${address}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    process.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4000)));
    const failed = new Promise<never>((_, reject) => {
      process.once('error', (error: NodeJS.ErrnoException) =>
        reject(new InputError(error.code === 'ENOENT' ? `prometheus was not found; ${howToInstall}` : String(error))),
      );
      process.once('exit', (code) => reject(new InputError(`prometheus ended (code ${code}) and said:\n${said}`)));
    });
    const server = new PrometheusServer(`http://${address}`, process);
    await Promise.race([server.#untilReady(), failed]);
    failed.catch(() => undefined);
    return server;
  }

  /** The answers to an expression at every step from `start` to `end`, epoch seconds. */
  async queryRange(query: string, start: number, end: number, step: number): Promise<readonly RangeSeries[]> {
    const body = new URLSearchParams({ query, start: String(start), end: String(end), step: String(step) });
    const answer = await fetch(`${this.url}/api/v1/query_range`, { method: 'POST', body });
    const data = (await answer.json()) as {
      readonly status: string;
      readonly error?: string;
      readonly data?: { readonly result: readonly RangeSeries[] };
    };
    if (data.status !== 'success' || data.data === undefined) {
      throw new InputError(`prometheus cannot answer "${query}": ${data.error ?? answer.statusText}`);
    }
    return data.data.result;
  }

  /** Ends the process and waits for its end. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
  }

  async #untilReady(): Promise<void> {
    for (;;) {
      const isReady = await fetch(`${this.url}/-/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (isReady || this.#process.exitCode !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
