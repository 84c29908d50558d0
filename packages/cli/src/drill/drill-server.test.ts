import { DrillHost, type DrillNews } from '@brownout/viewer';
import { DrillSession } from '@brownout/scenarios';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { tinyDocument } from '../../test/tiny-document.ts';
import { sessionText } from './drill-files.ts';
import { isLoopback, startDrillServer, type DrillServer } from './drill-server.ts';
import { joinCode } from './serve.ts';

const document = await tinyDocument('30 min');
let server: DrillServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function serve(): Promise<{
  readonly host: DrillHost;
  readonly post: (kind: string, body: unknown) => Promise<Answer>;
}> {
  const trainees = [
    { name: 'ana', roles: ['platform'] },
    { name: 'bo', roles: ['commander'] },
  ];
  const session = new DrillSession({ document, trainees, difficulty: 'guided' }, { frames: {} });
  let tokens = 0;
  const host = new DrillHost(session, {
    code: 'CODE',
    facilitatorCode: 'BOSS',
    speed: 60,
    draw: () => `token-${tokens++}`,
    pack: sessionText,
  });
  // No wall clock: time stands still for the server, the test steps the host itself.
  server = await startDrillServer({ host, page: '<h1>drill</h1>', address: '127.0.0.1', port: 0, now: () => 0 });
  while (host.pace.state === 'preparing') host.step(1, () => false);
  return { host, post: (kind, body) => call(`api/drill/${kind}`, JSON.stringify(body)) };
}

async function call(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${server!.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, body: await response.json() };
}

async function joined(post: (kind: string, body: unknown) => Promise<Answer>, seat?: string): Promise<string> {
  const { body } = await post('join', { code: seat === undefined ? 'BOSS' : 'CODE', seat });
  return (body as { readonly token: string }).token;
}

/** What a listener is told until `isEnough`. */
async function newsOf(token: string, isEnough: (news: readonly DrillNews[]) => boolean): Promise<readonly DrillNews[]> {
  const stop = new AbortController();
  const response = await fetch(`${server!.url}api/drill/events?token=${token}`, { signal: stop.signal });
  const news: DrillNews[] = [];
  let text = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  while (!isEnough(news)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) if (block.startsWith('data: ')) news.push(JSON.parse(block.slice(6)) as DrillNews);
  }
  stop.abort();
  return news;
}

describe('the server of a drill', () => {
  it('serves the page, and lets those in who have the code', async () => {
    const { post } = await serve();
    const page = await fetch(server!.url);
    expect([page.status, await page.text(), page.headers.get('x-frame-options')]).toEqual([
      200,
      '<h1>drill</h1>',
      'DENY',
    ]);
    expect(await post('join', { code: 'CODE' })).toMatchObject({
      status: 200,
      body: { kind: 'lobby', seats: [{ name: 'ana', isTaken: false }, { name: 'bo' }] },
    });
    expect(await post('join', { code: 'WRONG' })).toMatchObject({ status: 403, body: { error: expect.any(String) } });
    expect(await post('join', { code: 'CODE', seat: 'ana' })).toMatchObject({ status: 200, body: { seat: 'ana' } });
    expect((await post('join', { code: 'CODE', seat: 'ana' })).status).toBe(403);
  });

  it('has each seat do and hear its own, whatever a page asks for', async () => {
    const { host, post } = await serve();
    const [ana, bo, boss] = [await joined(post, 'ana'), await joined(post, 'bo'), await joined(post)];
    const begin = { token: ana, command: { kind: 'begin' } };
    expect((await post('facilitate', begin)).status).toBe(403);
    expect((await post('facilitate', { ...begin, token: boss })).status).toBe(200);
    expect(host.pace.state).toBe('running');
    const help = { kind: 'line', line: 'cloud apiserver resize large --factor 2' };
    expect(await post('enter', { token: bo, deed: help })).toMatchObject({
      status: 200,
      body: { isAccepted: expect.any(Boolean) },
    });
    expect((await post('enter', { token: 'token-99', deed: help })).status).toBe(403);
    expect((await post('enter', { token: boss, deed: help })).status).toBe(403);
    const told = await newsOf(bo, (news) => news.some(({ kind }) => kind === 'view'));
    expect(told.map(({ kind }) => kind)).toEqual(['pace', 'view']);
    const [, view] = told as [DrillNews, Extract<DrillNews, { kind: 'view' }>];
    expect(view.changed).toMatchObject({ trainee: 'bo', roles: ['commander'] });
    expect(JSON.stringify(view.changed.console)).toContain('permission denied');
    const truth = await newsOf(boss, (news) => news.some(({ kind }) => kind === 'facilitator'));
    expect(truth.some(({ kind }) => kind === 'view')).toBe(false);
  });

  it('tells everybody when it is over, with the session', async () => {
    const { post } = await serve();
    const [ana, boss] = [await joined(post, 'ana'), await joined(post)];
    await post('facilitate', { token: boss, command: { kind: 'begin' } });
    await post('facilitate', { token: boss, command: { kind: 'end' } });
    const told = await newsOf(ana, (news) => news.some(({ kind }) => kind === 'over'));
    const over = told.find((news) => news.kind === 'over');
    expect(JSON.parse(over!.session)).toMatchObject({ schema: 'brownout/drill@1' });
  });

  it('refuses what pages of others could send, and what is too large', async () => {
    await serve();
    const { port } = new URL(server!.url);
    const statusAs = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = request({ port, host: '127.0.0.1', path: '/', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        asked.on('error', reject);
        asked.end();
      });
    expect(await statusAs(`127.0.0.1:${port}`)).toBe(200);
    expect(await statusAs(`localhost:${port}`)).toBe(200);
    expect(await statusAs(`evil.example:${port}`)).toBe(421);
    const join = JSON.stringify({ code: 'CODE' });
    expect((await call('api/drill/join', join, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await call('api/drill/join', '{')).status).toBe(400);
    expect((await call('api/drill/join', '[]')).status).toBe(400);
    expect((await call('api/drill/jump', '{}')).status).toBe(400);
    expect((await call('api/other/join', join)).status).toBe(404);
    expect((await call('api/drill/join', JSON.stringify({ code: 'x'.repeat(70_000) }))).status).toBe(413);
    expect((await fetch(`${server!.url}api/drill/join`)).status).toBe(405);
    expect((await fetch(`${server!.url}api/drill/events?token=nobody`)).status).toBe(403);
  });

  it('does not let codes be tried out', async () => {
    const { post } = await serve();
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await post('join', { code: `WRONG${i}` })).status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(20);
    expect(statuses.slice(20)).toEqual([429, 429]);
    expect((await post('join', { code: 'CODE' })).status).toBe(429);
  });
});

describe('addresses and codes', () => {
  it('knows what only this machine can reach', () => {
    expect(['127.0.0.1', '127.3.2.1', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '192.168.1.2', '1127.0.0.1', 'localhost.example'].some(isLoopback)).toBe(false);
  });

  it('makes codes that nobody confuses and nobody guesses', () => {
    const codes = Array.from({ length: 500 }, joinCode);
    expect(new Set(codes).size).toBe(500);
    expect(codes.every((code) => /^[A-HJ-NP-Z2-9]{8}$/.test(code) && !/[IO01]/.test(code))).toBe(true);
  });
});
