/** What a plan may choose from: mitigations in sizes, each with its cost, and the sets they make. */
import type { ScenarioDocument } from '../scenario/document.ts';
import { DocumentError } from '../scenario/document-error.ts';
import { documentHash } from '../scenario/hash.ts';
import {
  applyMitigations,
  type ChosenMitigation,
  type Mitigation,
  parseMitigationList,
} from '../scenario/mitigation.ts';
import { parseScenario } from '../scenario/parse.ts';

/** One mitigation in one size. */
export interface PlanChoice {
  /** `more-api-servers:replicas=5`, as `--mitigate` takes it. */
  readonly text: string;
  readonly id: string;
  readonly cost: number;
  readonly chosen: ChosenMitigation;
}

/** A set of choices, and the document it makes. */
export interface PlanSet {
  /** `more-api-servers:replicas=5+cached-list`; empty for the document as it is. */
  readonly text: string;
  readonly choices: readonly PlanChoice[];
  readonly cost: number;
  readonly document: ScenarioDocument;
  readonly hash: string;
}

/** What a mitigation costs where nothing is stated, by its id. */
export type CostRanks = Readonly<Record<string, number>>;

/** Each further value of a parameter costs so much more, as a share of the rank: values go from cheap to dear. */
const stepShare = 0.1;

/** Sets that a plan looks at, at most. */
export const mostSets = 2_000;

/**
 * Reads `more-api-servers:replicas=3,5,7` as three choices, and `cached-list` as one; `cost=` states the cost of all, or one
 * for each: `more-api-servers:replicas=3,5,7,cost=2,4,6`. Without it the rank of the mitigation counts, and later values cost
 * a tenth more each. Throws `DocumentError`.
 */
export function parseChoice(text: string, known: readonly Mitigation[], ranks: CostRanks): PlanChoice[] {
  const [id = '', ...rest] = text.split(':');
  const values = new Map<string, string[]>();
  let name: string | undefined;
  for (const part of rest
    .join(':')
    .split(',')
    .filter((each) => each.trim() !== '')) {
    const [, key, value] = /^\s*([A-Za-z]+)\s*=\s*(.*)$/.exec(part) ?? [];
    name = key ?? name;
    if (name === undefined) throw problem(text, `expected ${usualForm}`);
    values.set(name, [...(values.get(name) ?? []), (value ?? part).trim()]);
  }
  const costs = (values.get('cost') ?? []).map((cost) => readCost(text, cost));
  values.delete('cost');
  const combined = [...values].reduce<string[]>(
    (sizes, [key, all]) =>
      sizes.flatMap((size) => all.map((value) => `${size}${size === '' ? '' : ','}${key}=${value}`)),
    [''],
  );
  if (costs.length > 1 && costs.length !== combined.length) {
    throw problem(text, `expected one cost or ${combined.length}, got ${costs.length}`);
  }
  return combined.map((size, index) => {
    const written = size === '' ? id.trim() : `${id.trim()}:${size}`;
    const [chosen] = parseMitigationList(written, known);
    const rank = ranks[chosen!.mitigation.id];
    const cost = costs[index] ?? costs[0] ?? (rank === undefined ? undefined : rank * (1 + stepShare * index));
    if (cost === undefined) throw problem(text, 'its cost is not known; state it with cost=');
    return { text: written, id: chosen!.mitigation.id, cost: Number(cost.toPrecision(12)), chosen: chosen! };
  });
}

/**
 * All sets of at most `most` choices, no mitigation twice, from the document as it is to the dearest. Sets that make the
 * same document as a cheaper one are left out. Every document is checked: throws `DocumentError`.
 */
export function planSets(document: ScenarioDocument, choices: readonly PlanChoice[], most: number): PlanSet[] {
  let combinations: (readonly PlanChoice[])[] = [[]];
  for (const choice of choices) {
    const longer = combinations
      .filter((set) => set.length < most && set.every(({ id }) => id !== choice.id))
      .map((set) => [...set, choice]);
    combinations = [...combinations, ...longer];
    if (combinations.length > mostSets) {
      throw problem(choice.text, `more than ${mostSets} sets; choose from fewer mitigations, sizes or smaller sets`);
    }
  }
  const sets = combinations.map((set): PlanSet => {
    const text = set.map((one) => one.text).join('+');
    const made = applyMitigations(
      document,
      set.map(({ chosen }) => chosen),
    ).document;
    parseScenario(made, text === '' ? document.id : text);
    const cost = set.reduce((sum, one) => sum + one.cost, 0);
    return { text, choices: set, cost, document: made, hash: documentHash(made) };
  });
  sets.sort((a, b) => a.cost - b.cost || a.choices.length - b.choices.length);
  const seen = new Set<string>();
  return sets.filter(({ hash }) => !seen.has(hash) && seen.add(hash));
}

const usualForm = 'a mitigation with sizes, such as more-api-servers:replicas=3,5,7,cost=2,4,6';

function readCost(text: string, cost: string): number {
  const value = cost === '' ? NaN : Number(cost);
  if (Number.isFinite(value) && value >= 0) return value;
  throw problem(text, `expected a cost such as 3, got "${cost}"`);
}

function problem(text: string, message: string): DocumentError {
  return new DocumentError(`choice "${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`, [{ path: '', message }]);
}
