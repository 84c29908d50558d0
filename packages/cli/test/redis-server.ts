/** A Redis of a test's own: on a free port, with its data in a folder of its own, killed and started again at will. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../src/free-port.ts';

/** Why there is no Redis to test with; undefined when there is one. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not installed';

/** A Redis under test. */
export interface RedisUnderTest {
  readonly url: string;
  /** Ends it as a crash of its machine would, without a chance to write anything. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what its disk holds, or with nothing. */
  start(disk: 'as it was' | 'empty'): Promise<void>;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
}

/** Starts one that writes each command to its disk before it answers. */
export async function startRedis(password?: string): Promise<RedisUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'brownout-redis-'));
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start = async (disk: 'as it was' | 'empty'): Promise<void> => {
    if (disk === 'empty') rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true });
    const options = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', appendfsync: 'always', save: '' };
    const words = Object.entries({ ...options, ...(password === undefined ? {} : { requirepass: password }) });
    server = spawn(
      'redis-server',
      words.flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: 'ignore' },
    );
    await answering(port, server);
  };
  const kill = async (): Promise<void> => {
    const dying = server;
    server = undefined;
    if (dying === undefined || dying.exitCode !== null) return;
    const exit = once(dying, 'exit');
    dying.kill('SIGKILL');
    await exit;
  };
  await start('as it was');
  const remove = async (): Promise<void> => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`, kill, start, remove };
}

/** Waits until somebody listens; fails when the server ends instead. */
async function answering(port: number, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with code ${server.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => setTimeout(() => resolve(false), 20));
    });
    socket.destroy();
    if (isOpen) return;
  }
}
