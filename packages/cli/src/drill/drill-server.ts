/**
 * A small server for one drill: the page, calls as POST, news as Server-Sent Events. It has the session; pages have what their
 * seat may see, and their token decides which seat that is. Made for a room of people and for the loopback interface: whoever
 * opens it to a network is told so.
 */
import type { DrillHost, DrillNews } from '@brownout/viewer';
import { readDrillCall } from '@brownout/viewer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is served, and where. */
export interface DrillServerOptions {
  readonly host: DrillHost;
  /** The page as one file. */
  readonly page: string;
  /** Address to listen at. */
  readonly address: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** Names by which browsers may call the server, besides its address: against pages of others that point here. */
  readonly names?: readonly string[];
  /** Wall-clock time in milliseconds. */
  readonly now: () => number;
}

/** A server that runs. */
export interface DrillServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Bytes of a call at most. */
const largestCall = 65_536;
/** Listeners at most, of all seats. */
const mostListeners = 100;
/** Wrong codes within a minute after which nobody may join for a while: codes cannot be tried out. */
const mostWrongCodes = 20;
/** The host steps, and tells what is new, so often; milliseconds. */
const stepEvery = 100;
/** Longest that a step may compute before calls are answered again; milliseconds. */
const longestStep = 80;
/** A comment keeps proxies from closing a quiet line; milliseconds. */
const keepAliveEvery = 15_000;
/** The only session of a server. */
const session = 'drill';

/** Begins to listen. Rejects when the address cannot be used. */
export async function startDrillServer(options: DrillServerOptions): Promise<DrillServer> {
  const desk = new DrillDesk(options);
  const server = createServer((request, response) => void desk.take(request, response));
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  desk.begin(port);
  return {
    url: `http://${urlName(options.address)}:${port}/`,
    close: async () => {
      desk.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whether only this machine can reach an address. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}

function urlName(address: string): string {
  if (address === '0.0.0.0' || address === '::') return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}

function listen(server: Server, { address, port }: DrillServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A refusal with its HTTP status. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Takes requests for one host. */
class DrillDesk {
  readonly #options: DrillServerOptions;
  readonly #listeners: Set<ServerResponse> = new Set();
  readonly #wrongCodes: number[] = [];
  #hosts: ReadonlySet<string> = new Set();
  #timers: NodeJS.Timeout[] = [];

  constructor(options: DrillServerOptions) {
    this.#options = options;
  }

  /** Time begins. */
  begin(port: number): void {
    const { address, names = [], now, host } = this.#options;
    const local = isLoopback(address) ? ['localhost', '127.0.0.1', '[::1]'] : [];
    const own = [urlName(address), ...local, ...names].flatMap((name) => [
      `${name}:${port}`,
      ...(port === 80 ? [name] : []),
    ]);
    // Bound to every interface, people call it by whatever name the machine has.
    const isAnyName = address === '0.0.0.0' || address === '::';
    this.#hosts = isAnyName && names.length === 0 ? new Set() : new Set(own);
    let last = now();
    const step = (): void => {
      const began = now();
      host.step((began - last) / 1000, () => now() - began > longestStep);
      last = began;
      host.publish();
    };
    const beat = (): void => {
      for (const response of this.#listeners) response.write(': still here\n\n');
    };
    this.#timers = [setInterval(step, stepEvery), setInterval(beat, keepAliveEvery)];
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const response of this.#listeners) response.end();
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const [status, text] = refusalOf(error);
      sendJson(response, status, { error: text });
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host: name = '' } = request.headers;
    if (this.#hosts.size > 0 && !this.#hosts.has(name))
      throw new Refusal(421, `this server is not called "${name.slice(0, 80)}"`);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://drill');
    if (request.method === 'GET' && pathname === '/') {
      send(response, 200, 'text/html; charset=utf-8', this.#options.page);
      return;
    }
    const [, api, of, kind, ...rest] = pathname.split('/');
    if (api !== 'api' || of !== session || kind === undefined || rest.length > 0)
      throw new Refusal(404, 'there is nothing here');
    if (kind === 'events') {
      if (request.method !== 'GET') throw new Refusal(405, 'events are read with GET');
      this.#listen(searchParams.get('token') ?? '', response);
      return;
    }
    if (request.method !== 'POST') throw new Refusal(405, 'calls are made with POST');
    // Other sites cannot send this type without asking first, and they are never told that they may.
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new Refusal(415, 'expected JSON');
    const call = readDrillCall(kind, parsed(await bodyOf(request)));
    if (call.kind === 'join') this.#checkTries();
    try {
      sendJson(response, 200, this.#options.host.call(call));
    } catch (error) {
      if (call.kind === 'join') this.#wrongCodes.push(this.#options.now());
      throw error;
    }
  }

  #checkTries(): void {
    const since = this.#options.now() - 60_000;
    while (this.#wrongCodes.length > 0 && this.#wrongCodes[0]! < since) this.#wrongCodes.shift();
    if (this.#wrongCodes.length >= mostWrongCodes)
      throw new Refusal(429, 'too many wrong codes; try again in a minute');
  }

  #listen(token: string, response: ServerResponse): void {
    if (this.#listeners.size >= mostListeners) throw new Refusal(503, 'too many pages are open');
    const early: DrillNews[] = [];
    const hear = (news: DrillNews): void => {
      if (response.headersSent) response.write(`data: ${JSON.stringify(news)}\n\n`);
      else early.push(news);
    };
    const stop = this.#options.host.subscribe(token, hear);
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    response.flushHeaders();
    for (const news of early) response.write(`data: ${JSON.stringify(news)}\n\n`);
    this.#listeners.add(response);
    response.on('close', () => {
      stop();
      this.#listeners.delete(response);
    });
  }
}

const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { ...headers, 'content-type': type });
  response.end(text);
}

function sendJson(response: ServerResponse, status: number, data: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(data));
}

function refusalOf(error: unknown): readonly [status: number, text: string] {
  if (error instanceof Refusal) return [error.status, error.message];
  if (error instanceof Error && error.name === 'NotAllowedError') return [403, error.message];
  if (error instanceof Error && (error instanceof RangeError || error.name === 'DocumentError'))
    return [400, error.message];
  return [500, 'the exercise has a defect; its terminal says which'];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'expected JSON');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestCall) throw new Refusal(413, `expected at most ${largestCall} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
