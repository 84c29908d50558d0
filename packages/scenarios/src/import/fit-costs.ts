/**
 * CPU of the API server by kind of request: least squares over the stretches between scrapes, CPU = background * seconds + the sum
 * of count times cost. Kinds that grow together cannot be told apart; they and the rare ones are named, not guessed.
 */
import { studentQuantile } from '@brownout/core';
import type { CalibratedValue } from './calibrate.ts';
import type { ScrapePair } from './scrape-pair.ts';

/** What the fit found. */
export interface CostFit {
  /** CPU milliseconds by verb and resource. */
  readonly costs: ReadonlyMap<string, CalibratedValue>;
  /** Why there is none. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** A column that is this near to the others carries no news. Share of its length. */
const nearlyTheSame = 1e-3;

/** Fits. `fewest` requests of a kind are needed in all stretches together. */
export function fitCosts(pairs: readonly ScrapePair[], fewest: number): CostFit {
  const totals = new Map<string, number>();
  const nameOf = ({ verb, resource, subresource }: ScrapePair['requests'][number]): string =>
    `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`;
  for (const row of pairs.flatMap(({ requests }) => requests))
    totals.set(nameOf(row), (totals.get(nameOf(row)) ?? 0) + row.count);
  const reasons = new Map<string, string>();
  for (const [name, count] of totals) if (count < fewest) reasons.set(name, `${count} requests; ${fewest} are needed`);
  const names = [...totals.keys()].filter((name) => !reasons.has(name));
  const unknowns = names.length + 1;
  const fail = (reason: string): CostFit => {
    for (const name of names) reasons.set(name, reason);
    return { costs: new Map(), reasons, notes: [`CPU by kind of request: ${reason}`] };
  };
  if (pairs.some(({ cpuSeconds }) => cpuSeconds === undefined))
    return fail('the pages have no process_cpu_seconds_total');
  if (pairs.length <= unknowns) {
    const needed = unknowns + 2;
    return fail(
      `${pairs.length} ${pairs.length === 1 ? 'stretch' : 'stretches'} between pages for ${unknowns} unknowns; save at least ${needed} pages while the mix of requests changes`,
    );
  }
  const columns = [
    pairs.map(({ seconds }) => seconds),
    ...names.map((name) =>
      pairs.map(({ requests }) =>
        requests.filter((row) => nameOf(row) === name).reduce((sum, { count }) => sum + count, 0),
      ),
    ),
  ];
  const { basis, dependent } = independent(columns);
  for (const index of dependent)
    reasons.set(names[index - 1] ?? 'background', 'its count grows with those of others in all stretches (collinear)');
  if (dependent.length > 0) return failCollinear(names, reasons);
  return solved(
    names,
    columns,
    basis,
    pairs.map(({ cpuSeconds }) => cpuSeconds!),
    reasons,
  );
}

/** Gram-Schmidt; columns without a direction of their own are named by number. */
function independent(columns: readonly (readonly number[])[]): {
  readonly basis: readonly (readonly number[])[];
  readonly dependent: readonly number[];
} {
  const basis: number[][] = [];
  const dependent: number[] = [];
  columns.forEach((column, index) => {
    let rest = [...column];
    // Twice, since once loses digits when columns are nearly the same.
    for (const unit of [...basis, ...basis]) {
      const along = dot(rest, unit);
      rest = rest.map((value, row) => value - along * unit[row]!);
    }
    const length = Math.sqrt(dot(rest, rest));
    if (length <= nearlyTheSame * Math.sqrt(dot(column, column))) dependent.push(index);
    else basis.push(rest.map((value) => value / length));
  });
  return { basis, dependent };
}

/** One collinear kind makes the costs of those it goes with meaningless as well: none is given. */
function failCollinear(names: readonly string[], reasons: Map<string, string>): CostFit {
  const named = [...reasons].filter(([, why]) => why.includes('collinear')).map(([name]) => name);
  for (const name of names) {
    if (!reasons.has(name)) reasons.set(name, `cannot be told apart from ${named.join(', ')}`);
  }
  return {
    costs: new Map(),
    reasons,
    notes: [`CPU by kind of request: ${named.join(', ')} cannot be told apart from the others`],
  };
}

function solved(
  names: readonly string[],
  columns: readonly (readonly number[])[],
  basis: readonly (readonly number[])[],
  cpu: readonly number[],
  reasons: Map<string, string>,
): CostFit {
  const count = columns.length;
  // columns = basis * upper, so upper * costs = basis' * cpu; the inverse of upper gives the intervals as well.
  const upper = basis.map((unit) => columns.map((column) => dot(unit, column)));
  const inverse = invertedUpper(upper);
  const along = basis.map((unit) => dot(unit, cpu));
  const values = inverse.map((row) => dot(row, along));
  const residuals = cpu.map(
    (value, row) => value - columns.reduce((sum, column, index) => sum + column[row]! * values[index]!, 0),
  );
  const freedom = cpu.length - count;
  const scale = studentQuantile(0.975, freedom) * Math.sqrt(dot(residuals, residuals) / freedom);
  const costs = new Map<string, CalibratedValue>();
  names.forEach((name, index) => {
    const half = scale * Math.sqrt(dot(inverse[index + 1]!, inverse[index + 1]!));
    const value = values[index + 1]!;
    if (half > Math.abs(value) || value <= 0)
      reasons.set(name, `${digits(value * 1000)} ms +- ${digits(half * 1000)} ms: not told from 0`);
    else costs.set(name, { value: value * 1000, low: (value - half) * 1000, high: (value + half) * 1000 });
  });
  return { costs, reasons, notes: [`background: ${digits(values[0]!)} cores beside all requests`] };
}

function invertedUpper(upper: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const size = upper.length;
  const inverse = upper.map(() => new Array<number>(size).fill(0));
  for (let column = 0; column < size; column++) {
    for (let row = column; row >= 0; row--) {
      let sum = row === column ? 1 : 0;
      for (let k = row + 1; k <= column; k++) sum -= upper[row]![k]! * inverse[k]![column]!;
      inverse[row]![column] = sum / upper[row]![row]!;
    }
  }
  return inverse;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
