/** Rule files of Prometheus, as far as they are needed to know what to ask and when. `promtool` checks the rest. */
import { parseDocument } from 'yaml';
import { InputError } from '../input-error.ts';

/** A rule that raises an alert. */
export interface AlertingRule {
  readonly alert: string;
  readonly group: string;
  readonly expr: string;
  /** How long the expression must hold, and how long it fires on after that; seconds. */
  readonly forSeconds: number;
  readonly keepFiringSeconds: number;
  /** Between two evaluations, seconds. */
  readonly intervalSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** A rule that keeps the answer to an expression as a series of its own. */
export interface RecordingRule {
  readonly record: string;
  readonly group: string;
  readonly expr: string;
  /** Between two evaluations, seconds. */
  readonly intervalSeconds: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** The rules of a file, in their order. */
export interface RulesFile {
  readonly alerts: readonly AlertingRule[];
  readonly records: readonly RecordingRule[];
}

/** Largest rule file that is read. */
export const largestRulesFile = 4_000_000;

/** Between two evaluations where a group says nothing: Prometheus' own default is a minute. */
const usualInterval = 60;

/** Reads a rule file - plain, or a PrometheusRule object of the operator. Throws InputError with the place of what is wrong. */
export function readRules(text: string, file: string): RulesFile {
  const parsed = parseDocument(text, { maxAliasCount: 100 } as never);
  const [problem] = parsed.errors;
  if (problem !== undefined) {
    const at = problem.linePos?.[0];
    throw new InputError(
      `${file}${at === undefined ? '' : `:${at.line}:${at.col}`}: ${problem.message.split('\n')[0]!}`,
    );
  }
  let data: unknown;
  try {
    data = parsed.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new InputError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const root = isRecord(data) && isRecord(data['spec']) ? data['spec'] : data;
  const groups = isRecord(root) ? root['groups'] : undefined;
  if (!Array.isArray(groups) || groups.length === 0) {
    throw new InputError(`${file}: expected a list "groups" of rules, as Prometheus reads them`);
  }
  const alerts: AlertingRule[] = [];
  const records: RecordingRule[] = [];
  groups.forEach((group: unknown, g) => {
    const where = `${file}: groups[${g}]`;
    if (!isRecord(group) || !Array.isArray(group['rules'])) throw new InputError(`${where}: expected a list "rules"`);
    const name = textOf(group['name'], `${where}.name`);
    const intervalSeconds = secondsOf(group['interval'], usualInterval, `${where}.interval`);
    if (intervalSeconds <= 0) throw new InputError(`${where}.interval: expected more than 0 s`);
    group['rules'].forEach((rule: unknown, r) => {
      const at = `${where}.rules[${r}]`;
      if (!isRecord(rule)) throw new InputError(`${at}: expected a rule with "alert" or "record"`);
      const common = { group: name, expr: textOf(rule['expr'], `${at}.expr`), labels: labelsOf(rule['labels'], at) };
      if (typeof rule['alert'] === 'string') {
        alerts.push({
          ...common,
          alert: rule['alert'],
          intervalSeconds,
          forSeconds: secondsOf(rule['for'], 0, `${at}.for`),
          keepFiringSeconds: secondsOf(rule['keep_firing_for'], 0, `${at}.keep_firing_for`),
        });
      } else if (typeof rule['record'] === 'string') {
        records.push({ ...common, record: rule['record'], intervalSeconds });
      } else {
        throw new InputError(`${at}: expected "alert" or "record"`);
      }
    });
  });
  return { alerts, records };
}

/**
 * Recording rules in steps: those of a step use only what earlier steps have recorded. Throws InputError for rules that need
 * each other.
 */
export function recordingSteps(records: readonly RecordingRule[]): RecordingRule[][] {
  const steps: RecordingRule[][] = [];
  let rest = [...records];
  while (rest.length > 0) {
    const open = new Set(rest.map(({ record }) => record));
    const ready = rest.filter((rule) => !namesIn(rule.expr).some((name) => name !== rule.record && open.has(name)));
    if (ready.length === 0) throw new InputError(`recording rules need each other: ${[...open].join(', ')}`);
    steps.push(ready);
    rest = rest.filter((rule) => !ready.includes(rule));
  }
  return steps;
}

/** Every word of an expression that could be the name of a metric. Texts in quotes are left out. */
export function namesIn(expr: string): string[] {
  const bare = expr.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, ' ').replace(/#.*$/gm, ' ');
  return bare.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function textOf(value: unknown, where: string): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.trim() === '')
    throw new InputError(`${where}: expected a text, got ${shown(value)}`);
  return value;
}

function labelsOf(value: unknown, where: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new InputError(`${where}.labels: expected names with texts, got ${shown(value)}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, textOf(text, `${where}.labels.${name}`)]),
  );
}

const unitSeconds: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Durations as Prometheus writes them: `5m`, `1h30m`, `0`. */
function secondsOf(value: unknown, usual: number, where: string): number {
  if (value === undefined || value === null) return usual;
  const text = String(value);
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new InputError(`${where}: expected a duration such as 5m or 1h30m, got ${shown(value)}`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit!]!, 0);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}
