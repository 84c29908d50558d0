/** How a section names a metric of the catalogue, and writes limits for it. */
import * as z from 'zod';
import { type MetricName, metricNames } from '../../operations/monitoring/metric-catalogue.ts';
import { identifier } from '../identifier.ts';
import { type Quantity, quantity } from '../quantity.ts';
import { readBytes, readRate, readTime } from '../units.ts';
import { show } from '../wording.ts';

/** A metric, by its name; `product` chooses one product of `user_error_share`. */
export interface MetricKeys {
  readonly metric: MetricName;
  readonly product?: string | undefined;
}

/** Keys that name a metric, for strict objects that have others beside them. */
export const metricKeys: {
  readonly metric: z.ZodEnum<{ [Name in MetricName]: Name }>;
  readonly product: z.ZodOptional<typeof identifier>;
} = {
  metric: z
    .enum(Object.fromEntries(metricNames.map((name) => [name, name])) as { [Name in MetricName]: Name })
    .describe('name in the catalogue of metrics'),
  product: identifier.optional().describe('for user_error_share: one product; default all together'),
};

const example = '0.05, "5 %", "2 s", "60 GiB" or "10/s"';
const written = { anyOf: [{ type: 'number' }, { type: 'string', examples: ['5 %', '2 s', '60 GiB', '10/s'] }] };

/** A limit in the unit of its metric: a plain number, or a text such as "5 %", "2 s", "60 GiB", "10/s". Times are seconds. */
export function metricLimit(): Quantity<number | string, number> {
  return quantity(written, (bare) => {
    if (typeof bare === 'number' && Number.isFinite(bare)) return { value: bare };
    const value = typeof bare === 'string' && bare.length <= 40 ? readLimit(bare) : undefined;
    return value === undefined ? { problem: `expected a limit such as ${example}, got ${show(bare)}` } : { value };
  });
}

function readLimit(text: string): number | undefined {
  const percent = /^\s*(-?\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1];
  if (percent !== undefined) return Number((Number(percent) / 100).toPrecision(15));
  if (text.includes('/')) return readRate(text).value;
  const time = readTime(text);
  return time.problem === undefined ? time.value / 1_000_000 : readBytes(text).value;
}
