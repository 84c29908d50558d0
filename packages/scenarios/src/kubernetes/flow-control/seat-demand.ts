import { realZero, since, type Instant } from '@brownout/core';

/**
 * How many seats one priority level wants: those in use plus those of waiting requests, as an integral over the current
 * adjustment period, and as the slowly falling envelope that borrowing aims for. Source: kubernetes/apiserver, tag
 * kubernetes-1.36.3, pkg/util/flowcontrol/fairqueuing/integrator.go and apf_controller.go.
 */
export class SeatDemand {
  readonly #decay: number;
  #seats = 0;
  #changedAt: Instant;
  #periodStart: Instant;
  #highWatermark = 0;
  #peak = 0;
  #smoothed = realZero;
  /** Seats times microseconds, and seats squared times microseconds: whole numbers, so the sums are exact. */
  #area = realZero;
  #areaOfSquares = realZero;

  /** `decay` is the share of the envelope that survives one period in which demand is lower. */
  constructor(now: Instant, decay: number) {
    this.#decay = decay;
    this.#smoothed = 0;
    this.#changedAt = now;
    this.#periodStart = now;
  }

  /** Seats wanted now. */
  get seats(): number {
    return this.#seats;
  }

  /** Most seats wanted at any instant of the last closed period. */
  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** The envelope after the last closed period: it rises at once and falls with a half-life of five minutes. */
  get smoothed(): number {
    return this.#smoothed;
  }

  /** Seats wanted from `now` on. */
  set(seats: number, now: Instant): void {
    if (now !== this.#changedAt) this.#integrate(now);
    this.#seats = seats;
    if (seats > this.#peak) this.#peak = seats;
  }

  /** Ends the adjustment period at `now` and starts the next. A period without duration changes the watermark only. */
  closePeriod(now: Instant): void {
    this.#integrate(now);
    const duration = since(now, this.#periodStart);
    this.#highWatermark = this.#peak;
    if (duration > 0) {
      const average = this.#area / duration;
      const deviation = Math.sqrt(Math.max(0, this.#areaOfSquares / duration - average * average));
      const envelope = average + deviation;
      this.#smoothed = Math.max(envelope, this.#decay * this.#smoothed + (1 - this.#decay) * envelope);
    }
    this.#area = 0;
    this.#areaOfSquares = 0;
    this.#peak = this.#seats;
    this.#periodStart = now;
  }

  /** Forgets everything, as a restarted process does. */
  reset(now: Instant): void {
    this.#seats = 0;
    this.#changedAt = now;
    this.#periodStart = now;
    this.#highWatermark = 0;
    this.#peak = 0;
    this.#smoothed = 0;
    this.#area = 0;
    this.#areaOfSquares = 0;
  }

  #integrate(now: Instant): void {
    const weighted = this.#seats * since(now, this.#changedAt);
    this.#area += weighted;
    this.#areaOfSquares += this.#seats * weighted;
    this.#changedAt = now;
  }
}
