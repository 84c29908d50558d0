/**
 * Conditions on the measures of runs, as people write them: `outageSeconds > 5 min` asks each run, `q95(peakErrorShare) < 5 %`,
 * `median(...)`, `mean(...)` and `p(clustersLost >= 1) < 10 %` ask many runs together. Thresholds, tipping points and goals
 * of plans are all written this way. A measure that did not happen counts as infinitely late, in every comparison.
 */
import { DocumentError } from '../scenario/document-error.ts';
import { type MeasureKind, measureDefinitions, productMeasures } from '../scenario/measure-definitions.ts';
import { nearestName } from '../scenario/nearest-name.ts';
import { type Reading, readBytes, readTime } from '../scenario/units.ts';
import { orList } from '../scenario/wording.ts';
import { comparedValue, type MeasureValues } from './replication.ts';

/** How two numbers are compared; `==` and `!=` are for counts and for `never`. */
export type ConditionOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** A question to one run. */
export interface Comparison {
  readonly measure: string;
  readonly operator: ConditionOperator;
  /** In the unit of the measure: seconds, shares 0..1, bytes, counts. Infinity for `never`. */
  readonly value: number;
}

/** A comparison of one number that many runs give together. */
type Bound = { readonly operator: '<' | '<=' | '>' | '>='; readonly value: number };

/** A condition, and how it was written. */
export type Condition = { readonly text: string } & (
  | ({ readonly kind: 'each' } & Comparison)
  | ({ readonly kind: 'mean'; readonly measure: string } & Bound)
  /** `median` is the quantile 0.5. */
  | ({ readonly kind: 'quantile'; readonly measure: string; readonly quantile: number } & Bound)
  | ({ readonly kind: 'chance'; readonly of: Comparison } & Bound)
);

/** Clusters and products whose measures may be named, as in `byCluster.large-1.peakErrorShare`. */
export interface MeasureOwners {
  readonly clusters: readonly { readonly id: string }[];
  readonly users: { readonly products: readonly { readonly id: string }[] };
}

const numberForm = String.raw`\s*(<=|>=|==|!=|=|<|>)\s*(\S.*?)\s*`;
const comparisonForm = new RegExp(String.raw`^\s*([A-Za-z][\w.-]*)${numberForm}$`);
const callForm = new RegExp(String.raw`^\s*([A-Za-z]+[\d.]*)\s*\((.*)\)${numberForm}$`);

const examples = '"outageSeconds > 5 min", "q95(peakErrorShare) < 5 %" or "p(clustersLost >= 1) < 10 %"';

/** Longest condition read. */
const longestCondition = 300;

/**
 * Reads a condition. With `owners` - a scenario document is one - clusters and products are checked as well. Throws
 * `DocumentError` for what is no condition, for unknown names (with the nearest right one) and for units that do not fit.
 */
export function parseCondition(text: string, owners?: MeasureOwners): Condition {
  const call = text.length > longestCondition ? null : callForm.exec(text);
  if (call === null) return { text, kind: 'each', ...readComparison(text, text, owners) };
  const [, name = '', inner = '', operatorText = '', valueText = ''] = call;
  const operator = readOperator(operatorText);
  if (operator === '==' || operator === '!=') {
    throw problem(text, `${name}(...) is compared by <, <=, > or >=, got ${operatorText}`);
  }
  const statistic = name.toLowerCase();
  if (statistic === 'p') {
    const value = readNumber(valueText, 'share', text);
    if (!(value >= 0 && value <= 1)) {
      throw problem(text, `p(...) is a probability: it is compared with 0 to 1, such as 0.1 or 10 %, got ${valueText}`);
    }
    return { text, kind: 'chance', of: readComparison(inner, text, owners), operator, value };
  }
  const measure = inner.trim();
  const quantile = statistic === 'median' ? 0.5 : readQuantile(statistic);
  if (statistic !== 'mean' && quantile === undefined) {
    const known = ['mean', 'median', 'q95', 'p'];
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? `expected ${orList(known)}` : `did you mean "${nearest}"?`;
    throw problem(text, `unknown "${name}(...)"; ${hint}`);
  }
  const value = readNumber(valueText, kindOf(measure, text, owners), text);
  if (quantile === undefined) return { text, kind: 'mean', measure, operator, value };
  return { text, kind: 'quantile', measure, quantile, operator, value };
}

/** Whether a run answers yes. Throws RangeError when it has no such measure. */
export function holdsIn({ measure, operator, value }: Comparison, measures: MeasureValues): boolean {
  const found = numberOf(measures, measure);
  switch (operator) {
    case '<':
      return found < value;
    case '<=':
      return found <= value;
    case '>':
      return found > value;
    case '>=':
      return found >= value;
    case '==':
      return found === value;
    case '!=':
      return found !== value;
  }
}

/** A measure of a run as a number: Infinity where it did not happen. Throws RangeError when it is unknown. */
export function numberOf(measures: MeasureValues, name: string): number {
  const found = comparedValue(measures, name);
  if (found === undefined) throw new RangeError(`condition: the run has no measure "${name}"`);
  return found ?? Infinity;
}

/** What a measure measures, by its name; undefined for names that no run has. */
export function measureKind(name: string): MeasureKind | undefined {
  const own = name.slice(name.lastIndexOf('.') + 1);
  return measureDefinitions.find((definition) => definition.name === own)?.kind;
}

/** The measures in a condition. */
export function measureOf(condition: Condition): string {
  return condition.kind === 'chance' ? condition.of.measure : condition.measure;
}

function readComparison(text: string, whole: string, owners: MeasureOwners | undefined): Comparison {
  const [, measure = '', operatorText = '', valueText = ''] =
    (text.length > longestCondition ? null : comparisonForm.exec(text)) ?? [];
  if (measure === '') throw problem(whole, `expected a condition such as ${examples}`);
  const operator = readOperator(operatorText);
  const kind = kindOf(measure, whole, owners);
  if (valueText.toLowerCase() !== 'never') return { measure, operator, value: readNumber(valueText, kind, whole) };
  if (operator === '==' || operator === '!=') return { measure, operator, value: Infinity };
  throw problem(whole, `never is compared by == or !=, got ${operatorText}`);
}

function readOperator(text: string): ConditionOperator {
  return text === '=' ? '==' : (text as ConditionOperator);
}

function readQuantile(name: string): number | undefined {
  const percent = /^q(\d{1,2}(?:\.\d{1,4})?)$/.exec(name)?.[1];
  const quantile = Number((Number(percent) / 100).toPrecision(12));
  return percent !== undefined && quantile > 0 ? quantile : undefined;
}

/** The kind of a measure, after its name was checked. */
function kindOf(name: string, text: string, owners: MeasureOwners | undefined): MeasureKind {
  const kind = isKnown(name, owners) ? measureKind(name) : undefined;
  if (kind !== undefined) return kind;
  const nearest = nearestName(name, knownMeasures(owners));
  const own = measureDefinitions.map((definition) => definition.name);
  const hint = nearest === undefined ? `known: ${own.join(', ')}` : `did you mean "${nearest}"?`;
  throw problem(text, `unknown measure "${name}"; ${hint}`);
}

function isKnown(name: string, owners: MeasureOwners | undefined): boolean {
  if (owners !== undefined) return knownMeasures(owners).includes(name);
  return !name.includes('.') || /^by(Cluster|Product)\.[^.]+\.[^.]+$/.test(name);
}

/** Every measure that runs of a document have: of the whole, of clusters and of products. */
export function knownMeasures(owners?: MeasureOwners): string[] {
  const all = measureDefinitions.map(({ name }) => name);
  const ofClusters = all.filter((name) => name !== 'firstAlert');
  const prefixed = (prefix: string, ids: readonly { readonly id: string }[], names: readonly string[]): string[] =>
    ids.flatMap(({ id }) => names.map((name) => `${prefix}.${id}.${name}`));
  return [
    ...all,
    ...prefixed('byCluster', owners?.clusters ?? [], ofClusters),
    ...prefixed('byProduct', owners?.users.products ?? [], productMeasures),
  ];
}

/** Units that go with each kind, for messages. */
const expectedOf: Readonly<Record<MeasureKind, string>> = {
  moment: 'seconds or a time after the trigger such as "20 min"',
  span: 'seconds or a time such as "5 min"',
  share: 'a share such as 0.05 or "5 %"',
  count: 'a plain number',
  bytes: 'bytes such as "12 GiB"',
  factor: 'a plain number',
};

function readNumber(text: string, kind: MeasureKind, whole: string): number {
  const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
  if (plain !== undefined && Number.isFinite(plain)) return plain;
  const reading = readUnit(text, kind);
  if (reading.problem === undefined) return reading.value;
  throw problem(whole, `expected ${expectedOf[kind]}, got "${text}": ${reading.problem}`);
}

function readUnit(text: string, kind: MeasureKind): Reading<number> {
  if (kind === 'bytes') return readBytes(text);
  if (kind === 'share') {
    const percent = /^([+-]?\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
    return percent === undefined ? { problem: 'no share' } : { value: Number((Number(percent) / 100).toPrecision(15)) };
  }
  if (kind === 'count' || kind === 'factor') return { problem: 'no number' };
  const reading = readTime(text);
  return reading.problem === undefined ? { value: reading.value / 1_000_000 } : reading;
}

function problem(text: string, message: string): DocumentError {
  return new DocumentError(`condition "${text.length > 80 ? `${text.slice(0, 77)}...` : text}"`, [
    { path: '', message },
  ]);
}
