/** Waits that double: the shape shared by client-go's back-off, the kubelet's lease loop and its crash back-off. */
import { type Duration, ms, power, seconds, type Stream } from '@brownout/core';

/** First wait and longest wait of a doubling back-off. */
export interface DoublingBackoff {
  readonly first: Duration;
  readonly longest: Duration;
}

/** The wait after `failures` failures in a row, counted from 0, without jitter. */
export function waitAfter(failures: number, backoff: DoublingBackoff): Duration {
  return Math.min(backoff.first * power(2, Math.min(failures, 40)), backoff.longest) as Duration;
}

/** The same with client-go's jitter of 1.0: as much again at random, so 30 to 60 s at a cap of 30 s. */
export function jitteredWaitAfter(failures: number, backoff: DoublingBackoff, stream: Stream): Duration {
  return Math.round(waitAfter(failures, backoff) * (1 + stream.uniform())) as Duration;
}

/**
 * From a container's first death to its next start: the kubelet looks at its containers every second (documented:
 * pkg/kubelet/kubelet.go, `genericPlegRelistPeriod`), so this is the most that it takes; half of it is the mean.
 */
export const firstRestart: Duration = seconds(1);

/**
 * How long the kubelet lets a container wait that died after `deaths` earlier deaths. The first death has no back-off: the
 * kubelet writes one down when it starts the container again, and honours it at the next death.
 * Source: kubernetes/kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go (doBackOff); kubernetes.io, Pod Lifecycle,
 * "How Pods handle problems with containers".
 */
export function waitAfterDeath(deaths: number, backoff: DoublingBackoff, first: Duration = firstRestart): Duration {
  return deaths === 0 ? first : waitAfter(deaths - 1, backoff);
}

/** A doubling back-off that forgets: after so long without use it starts from the first wait again. */
export interface ForgettingBackoff extends DoublingBackoff {
  readonly forgetAfter: Duration;
}

/** A reflector whose watch or LIST failed waits 0.8 s, doubling up to 30 s, and forgets after two minutes (client-go). */
export const reflectorBackoff: ForgettingBackoff = {
  first: ms(800),
  longest: seconds(30),
  forgetAfter: seconds(120),
};

/** Such back-offs of many clients, in columns, with client-go's jitter (apimachinery, `Backoff.DelayWithReset`). */
export class ForgettingBackoffs {
  readonly #backoff: ForgettingBackoff;
  readonly #stream: Stream;
  readonly #uses: Uint8Array;
  readonly #usedAt: Float64Array;

  constructor(clients: number, backoff: ForgettingBackoff, stream: Stream) {
    this.#backoff = backoff;
    this.#stream = stream;
    this.#uses = new Uint8Array(clients);
    this.#usedAt = new Float64Array(clients);
  }

  /** The next wait of a client. What counts for forgetting is when it asked last, its waiting included. */
  next(client: number, now: number): Duration {
    if (now - this.#usedAt[client]! > this.#backoff.forgetAfter) this.#uses[client] = 0;
    this.#usedAt[client] = now;
    const uses = this.#uses[client]!;
    this.#uses[client] = Math.min(uses + 1, 255);
    return jitteredWaitAfter(uses, this.#backoff, this.#stream);
  }
}
