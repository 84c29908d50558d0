/** What agents do after failed attempts, in columns: how long each waits before it repeats one, or that it gives up. */
import { type Duration, ms, seconds, type Stream } from '@brownout/core';
import { type DoublingBackoff, jitteredWaitAfter, waitAfter } from '../client/backoff.ts';
import { RequestRetries } from '../client/request-retry.ts';
import type { AgentRetryPolicy } from './agent-options.ts';

/** client-go: at most 10 retries of one request when the server names a Retry-After. */
const RETRIES_WITH_RETRY_AFTER = 10;
/** After any other failure: 0.8 s, doubling to 30 s, jitter 1.0 (client-go's reflector). */
const AFTER_FAILURE: DoublingBackoff = { first: ms(800), longest: seconds(30) };
/** Ten tenths fall short of a whole by a rounding error, and have to buy a repetition all the same. */
const WHOLE = 1 - 1e-9;

/** The request is over; the agent asks again after its period. */
export const GIVEN_UP = -1;

/** Repetitions of many agents, each with one request at a time. */
export interface AgentRetries {
  /** Whether the next attempt of the client repeats one that failed. */
  isRepetition(client: number): boolean;
  /** The client's process starts, or its request was answered well. */
  reset(client: number): void;
  /** An attempt failed: the wait before it is repeated, or `GIVEN_UP`. */
  failed(client: number, status: number, retryAfterSeconds: number): Duration | typeof GIVEN_UP;
  /** A request begins: its first attempt is free. */
  began(client: number): void;
}

/** The repetitions that a policy allows; by default those of client-go's reflector. */
export function createAgentRetries(
  clients: number,
  policy: AgentRetryPolicy | undefined,
  stream: Stream,
): AgentRetries {
  switch (policy?.policy) {
    case undefined:
      return new ReflectorRetries(clients, stream);
    case 'none':
      return new NoRetries();
    case 'fixed':
      return new FixedRetries(clients, policy, stream);
    case 'exponential':
      return new ExponentialRetries(clients, policy, stream);
    case 'budget':
      return new BudgetedRetries(clients, policy, stream);
  }
}

/** The default. */
class ReflectorRetries implements AgentRetries {
  readonly #stream: Stream;
  /** Failed requests in a row, and within the present request the times that the server said when to come again. */
  readonly #failures: Uint8Array;
  readonly #retries: Uint8Array;

  constructor(clients: number, stream: Stream) {
    this.#stream = stream;
    this.#failures = new Uint8Array(clients);
    this.#retries = new Uint8Array(clients);
  }

  isRepetition(client: number): boolean {
    return this.#failures[client]! + this.#retries[client]! > 0;
  }

  began(): void {}

  reset(client: number): void {
    this.#failures[client] = 0;
    this.#retries[client] = 0;
  }

  failed(client: number, _status: number, retryAfterSeconds: number): Duration {
    if (retryAfterSeconds > 0 && this.#retries[client]! < RETRIES_WITH_RETRY_AFTER) {
      this.#retries[client]!++;
      return seconds(retryAfterSeconds);
    }
    const failures = this.#failures[client]!;
    this.#failures[client] = Math.min(failures + 1, 255);
    this.#retries[client] = 0;
    return jitteredWaitAfter(failures, AFTER_FAILURE, this.#stream);
  }
}

class NoRetries implements AgentRetries {
  isRepetition(): boolean {
    return false;
  }

  began(): void {}

  reset(): void {}

  failed(): typeof GIVEN_UP {
    return GIVEN_UP;
  }
}

/** Failures in a row, and waits that depend on their number. */
abstract class CountedRetries implements AgentRetries {
  readonly failures: Uint8Array;
  readonly #jitter: number;
  readonly #stream: Stream;

  constructor(clients: number, jitter: number, stream: Stream) {
    this.failures = new Uint8Array(clients);
    this.#jitter = jitter;
    this.#stream = stream;
  }

  abstract failed(client: number, status: number, retryAfterSeconds: number): Duration | typeof GIVEN_UP;

  isRepetition(client: number): boolean {
    return this.failures[client]! > 0;
  }

  began(_client: number): void {}

  reset(client: number): void {
    this.failures[client] = 0;
  }

  /** Counts a failure and returns how many there were before. */
  count(client: number): number {
    const failures = this.failures[client]!;
    this.failures[client] = Math.min(failures + 1, 255);
    return failures;
  }

  jittered(wait: number): Duration {
    return Math.round(wait * (1 + this.#jitter * this.#stream.uniform())) as Duration;
  }
}

class FixedRetries extends CountedRetries {
  readonly #wait: Duration;

  constructor(clients: number, options: { readonly wait: Duration; readonly jitter: number }, stream: Stream) {
    super(clients, options.jitter, stream);
    this.#wait = options.wait;
  }

  failed(client: number): Duration {
    this.count(client);
    return this.jittered(this.#wait);
  }
}

class ExponentialRetries extends CountedRetries {
  readonly #backoff: DoublingBackoff;
  readonly #within: RequestRetries;

  constructor(clients: number, options: DoublingBackoff & { readonly jitter: number }, stream: Stream) {
    super(clients, options.jitter, stream);
    this.#backoff = options;
    this.#within = new RequestRetries(clients);
  }

  override isRepetition(client: number): boolean {
    return super.isRepetition(client) || this.#within.count(client) > 0;
  }

  override reset(client: number): void {
    super.reset(client);
    this.#within.reset(client);
  }

  failed(client: number, status: number, retryAfterSeconds: number): Duration {
    const wait = this.#within.ended(client, 'read', status, retryAfterSeconds);
    return wait >= 0 ? (wait as Duration) : this.jittered(waitAfter(this.count(client), this.#backoff));
  }
}

class BudgetedRetries extends CountedRetries {
  readonly #backoff: DoublingBackoff;
  readonly #perRequest: number;
  readonly #reserve: number;
  readonly #tokens: Float64Array;

  constructor(clients: number, options: Extract<AgentRetryPolicy, { policy: 'budget' }>, stream: Stream) {
    super(clients, options.jitter, stream);
    this.#backoff = options;
    this.#perRequest = options.retriesPerRequest;
    this.#reserve = options.reserve;
    this.#tokens = new Float64Array(clients).fill(options.reserve);
  }

  override began(client: number): void {
    this.#tokens[client] = Math.min(this.#reserve, this.#tokens[client]! + this.#perRequest);
  }

  failed(client: number, _status: number, retryAfterSeconds: number): Duration | typeof GIVEN_UP {
    if (this.#tokens[client]! < WHOLE) {
      this.reset(client);
      return GIVEN_UP;
    }
    this.#tokens[client]! -= 1;
    const wait = this.jittered(waitAfter(this.count(client), this.#backoff));
    return Math.max(wait, seconds(retryAfterSeconds)) as Duration;
  }
}
