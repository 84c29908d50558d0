/** How a section names a metric of the catalogue, and writes limits for it. */
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import {
  metricCatalogue,
  type MetricName,
  type MetricReference,
  metricNames,
  type MetricUnit,
} from '../../operations/monitoring/metric-catalogue.ts';
import { identifier } from '../identifier.ts';
import { type Quantity, quantity } from '../quantity.ts';
import { readBytes, readRate, readTime } from '../units.ts';
import { show } from '../wording.ts';

/** Keys that name a metric, for strict objects that have others beside them. */
export const metricKeys: () => {
  readonly metric: z.ZodEnum<{ [Name in MetricName]: Name }>;
  readonly product: z.ZodOptional<ReturnType<typeof identifier>>;
} = lazily(() => ({
  metric: z
    .enum(Object.fromEntries(metricNames.map((name) => [name, name])) as { [Name in MetricName]: Name })
    .describe('name in the catalogue of metrics'),
  product: identifier().optional().describe('for user_error_share: one product; default all together'),
}));

const example = '0.05, "5 %", "2 s", "60 GiB" or "10/s"';
const written = { anyOf: [{ type: 'number' }, { type: 'string', examples: ['5 %', '2 s', '60 GiB', '10/s'] }] };

/** A limit as it is written: its value in the base unit, and what that unit is; a plain number has that of its metric. */
export interface WrittenLimit {
  readonly text: string;
  readonly value: number;
  readonly unit: MetricUnit | undefined;
}

/** A limit: a plain number in the unit of its metric, or a text such as "5 %", "2 s", "60 GiB", "10/s". Times are seconds. */
export function metricLimit(): Quantity<number | string, WrittenLimit> {
  return quantity(written, (bare) => {
    if (typeof bare === 'number' && Number.isFinite(bare)) {
      return { value: { text: String(bare), value: bare, unit: undefined } };
    }
    const limit = typeof bare === 'string' && bare.length <= 40 ? readLimit(bare) : undefined;
    return limit === undefined
      ? { problem: `expected a limit such as ${example}, got ${show(bare)}` }
      : { value: limit };
  });
}

function readLimit(text: string): WrittenLimit | undefined {
  const percent = /^\s*(-?\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1];
  if (percent !== undefined) return { text, value: Number((Number(percent) / 100).toPrecision(15)), unit: 'share' };
  const limit = (value: number | undefined, unit: MetricUnit) =>
    value === undefined ? undefined : { text, value, unit };
  if (text.includes('/')) return limit(readRate(text).value, 'per second');
  const time = readTime(text).value;
  return time === undefined ? limit(readBytes(text).value, 'bytes') : limit(time / 1_000_000, 'seconds');
}

const limitKeys = ['above', 'below', 'changeAbove', 'changeBelow'] as const;
type LimitKey = (typeof limitKeys)[number];

/** What a limit of each unit may look like. */
const expected: Readonly<Record<MetricUnit, string>> = {
  share: 'a share such as 0.05 or "5 %"',
  seconds: 'a duration such as "2 s" or a plain number of seconds',
  bytes: 'a size such as "60 GiB" or a plain number of bytes',
  'per second': 'a rate such as "10/s" or a plain number per second',
  cores: 'a plain number of cores',
  count: 'a plain number',
};

/** Last step of a rule with limits: each as a number in the unit of the rule's metric; one in another unit is refused. */
export function inUnitOfMetric<
  Rule extends MetricReference & { readonly [Key in LimitKey]?: WrittenLimit | undefined },
>(rule: Rule, context: z.RefinementCtx): Omit<Rule, LimitKey> & { readonly [Key in LimitKey]?: number } {
  const { unit: wanted } = metricCatalogue[rule.metric];
  const values: { [Key in LimitKey]?: number } = {};
  for (const key of limitKeys) {
    const limit = rule[key];
    if (limit === undefined) continue;
    values[key] = limit.value;
    if (limit.unit === undefined || limit.unit === wanted) continue;
    const message = `expected ${expected[wanted]} for ${rule.metric}, got ${show(limit.text)}`;
    context.addIssue({ code: 'custom', path: [key], message });
  }
  return { ...rule, ...values };
}
