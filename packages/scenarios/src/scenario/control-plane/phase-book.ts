/** Counts what clients do, phase by phase. It observes; nothing in a run depends on it. */
import { Status, statusNames } from '../../kubernetes/requests/api-request.ts';
import type { ClientResult, Latency } from './result.ts';

/** What happened to one kind of client since the phase began. */
export class ClientBook {
  readonly name: string;
  #offered = 0;
  #sent = 0;
  #waiting = 0;
  readonly #ended: number[] = statusNames.map(() => 0);
  #conflicts = 0;
  #expired = 0;
  #latencies: number[] = [];
  #retryAfter: Map<number, number> = new Map();
  #turnedAway: Map<string, number> = new Map();

  constructor(name: string) {
    this.name = name;
  }

  /** A client wants something. */
  offered(): void {
    this.#offered++;
  }

  /** An attempt leaves a client. */
  sent(): void {
    this.#sent++;
    this.#waiting++;
  }

  /** An attempt has ended. `latency` is its time from sending, in microseconds. */
  ended(status: number, latency: number, retryAfterSeconds: number): void {
    this.#waiting--;
    this.#ended[status]!++;
    if (status === Status.ok) this.#latencies.push(latency);
    if (retryAfterSeconds > 0) {
      this.#retryAfter.set(retryAfterSeconds, (this.#retryAfter.get(retryAfterSeconds) ?? 0) + 1);
    }
  }

  /** Flow control has turned an attempt away. */
  turnedAway(reason: string): void {
    this.#turnedAway.set(reason, (this.#turnedAway.get(reason) ?? 0) + 1);
  }

  /** An attempt got 409: all its work was done, and its object was a newer one. */
  conflicted(): void {
    this.#waiting--;
    this.#conflicts++;
  }

  /** A page was asked for whose version is gone: 410. */
  expired(): void {
    this.#waiting--;
    this.#expired++;
  }

  /** The figures of the phase that ends, after which counting starts anew; who waits goes on waiting. */
  close(seconds: number): ClientResult {
    const completed = this.#ended[Status.ok]!;
    const refusals = statusNames.flatMap((name, status) => {
      const count = this.#ended[status]!;
      const isRefusal = status !== Status.ok && status !== Status.timedOut && count > 0;
      return isRefusal ? [[name, count] as const] : [];
    });
    if (this.#conflicts > 0) refusals.push(['conflict', this.#conflicts]);
    if (this.#expired > 0) refusals.push(['expired', this.#expired]);
    const result = {
      name: this.name,
      offered: this.#offered,
      sent: this.#sent,
      completed,
      goodput: completed / seconds,
      rejected: Object.fromEntries(refusals),
      turnedAway: Object.fromEntries([...this.#turnedAway].sort(([a], [b]) => (a < b ? -1 : 1))),
      timedOut: this.#ended[Status.timedOut]!,
      waiting: this.#waiting,
      latency: latencyOf(this.#latencies),
      retryAfter: Object.fromEntries([...this.#retryAfter].sort(([a], [b]) => a - b)),
    };
    this.#offered = 0;
    this.#sent = 0;
    this.#conflicts = 0;
    this.#expired = 0;
    this.#ended.fill(0);
    this.#latencies = [];
    this.#retryAfter = new Map();
    this.#turnedAway = new Map();
    return result;
  }
}

function latencyOf(latencies: number[]): Latency {
  latencies.sort((a, b) => a - b);
  const at = (share: number): number | null => {
    const place = Math.ceil(share * latencies.length) - 1;
    return latencies.length === 0 ? null : latencies[Math.max(0, place)]! / 1_000;
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
