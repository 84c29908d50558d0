/** Why a figure falls outside. */
import type { Comparison } from './page.ts';

/** How far the median is from the measurement. */
export function offBy({ measured, simulated }: Comparison): string {
  const error = Math.round((simulated.median / measured - 1) * 100);
  return `${error > 0 ? '+' : ''}${error} %`;
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /^x1.0: (LIST p|lease p|API server memory)/,
    'the core is at the edge of saturation: a tenth in the CPU of a LIST is a factor of several in what queues up behind it',
  ],
  [
    /^idle: lease p9/,
    'fsyncs and garbage collection of single instants are not modelled: an fsync takes 1.4 ms each time',
  ],
  [
    /LISTs.*etcd \(MiB\)/,
    'etcd held up to 9.5 MiB a LIST at 100 at once and 7 at ten; the fit, over the bursts of both batches, says 6.5',
  ],
  [
    /^from etcd: etcd/,
    'etcd took 13 us for an object of 1 kB there and 5 us for one of 3.6 kB here: other machines, and a range of 300 MB at once',
  ],
  [/^from etcd: LIST/, 'latency contains waiting for shared machines and a network that are not described'],
  [
    /^from cache/,
    'a cold walk through 300,000 objects costs more a piece than one through 10,000, which the fit shows too',
  ],
];

/** Why a figure is off, as far as we know. */
export function reasonFor(what: string): string {
  return reasons.find(([pattern]) => pattern.test(what))?.[1] ?? 'not understood';
}
