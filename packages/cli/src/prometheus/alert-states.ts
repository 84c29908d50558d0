/**
 * From the answers of an expression over time to alerts that wait, fire and are over, as Prometheus keeps them
 * (prometheus/prometheus, rules/alerting.go): an alert waits from the first evaluation at which its expression gives an
 * element, fires once that has lasted `for`, and is over with the first evaluation that gives none, or `keep_firing_for` later.
 */

/** One element of the answer of an expression: its labels, and the instants (seconds) at which it was there. */
export interface AlertSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly times: readonly number[];
}

/** One time that an alert fired. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  /** When its expression began to hold, seconds. */
  readonly since: number;
  readonly firedAt: number;
  /** `null` = still firing at the end. */
  readonly resolvedAt: number | null;
}

/** How a rule is evaluated. */
export interface AlertTiming {
  readonly forSeconds: number;
  readonly keepFiringSeconds: number;
  /** First evaluation, last one, and the time between two; seconds. */
  readonly start: number;
  readonly end: number;
  readonly stepSeconds: number;
}

/** When each element fired, earliest first. */
export function firingsOf(series: readonly AlertSeries[], timing: AlertTiming): Firing[] {
  return series.flatMap((one) => firingsOfOne(one, timing)).sort((a, b) => a.firedAt - b.firedAt);
}

function firingsOfOne({ labels, times }: AlertSeries, timing: AlertTiming): Firing[] {
  const { start, end, stepSeconds, forSeconds, keepFiringSeconds } = timing;
  const steps = new Set(times.map((time) => Math.round((time - start) / stepSeconds)));
  const firings: Firing[] = [];
  let since: number | undefined;
  let firedAt: number | undefined;
  let missingSince: number | undefined;
  const last = Math.floor((end - start) / stepSeconds + 1e-9);
  for (let step = 0; step <= last; step++) {
    const now = start + step * stepSeconds;
    if (steps.has(step)) {
      since ??= now;
      missingSince = undefined;
      if (firedAt === undefined && now - since >= forSeconds) firedAt = now;
    } else if (since !== undefined) {
      // As Prometheus counts it: from the first evaluation without the element.
      missingSince ??= now;
      if (firedAt !== undefined && now - missingSince < keepFiringSeconds) continue;
      if (firedAt !== undefined) firings.push({ labels, since, firedAt, resolvedAt: now });
      since = firedAt = missingSince = undefined;
    }
  }
  if (since !== undefined && firedAt !== undefined) firings.push({ labels, since, firedAt, resolvedAt: null });
  return firings;
}
