/**
 * The text format of a `/metrics` page. Strict: a line that is neither a comment nor a sample is refused, so that a cut page does
 * not pass for a whole one. Only the families that an import uses are kept.
 */
import { refusal } from './input.ts';

/** One sample. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One page. */
export interface ScrapePart {
  readonly kind: 'scrape';
  readonly file: string;
  /** Samples by name, of the kept families only. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Names that are kept. */
const kept: ReadonlySet<string> = new Set([
  'apiserver_request_total',
  'apiserver_request_duration_seconds_bucket',
  'apiserver_request_duration_seconds_sum',
  'apiserver_request_duration_seconds_count',
  'apiserver_response_sizes_sum',
  'apiserver_response_sizes_count',
  'apiserver_storage_objects',
  'apiserver_flowcontrol_priority_level_request_utilization_count',
  'etcd_request_duration_seconds_sum',
  'etcd_request_duration_seconds_count',
  'go_sched_gomaxprocs_threads',
  'kubernetes_build_info',
  'kubernetes_feature_enabled',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
]);

const mostSamples = 2_000_000;
const longestLine = 20_000;

const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+([^ \t{}]+)(?:[ \t]+-?\d+(?:\.\d+)?)?[ \t]*$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,\s*|$)/y;
const number = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?Inf|NaN)$/;

/** Reads a page. Throws `DocumentError` with the line of what is wrong. */
export function readExposition(file: string, text: string): ScrapePart {
  const samples = new Map<string, Sample[]>();
  const seen = new Set<string>();
  let count = 0;
  if (!text.endsWith('\n')) throw refusal(file, 'the last line is not ended: the page was cut; save it again');
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    if (line === '' || line.startsWith('#')) return;
    const fail = (message: string): Error => refusal(file, message, { line: index + 1, column: 1 });
    if (line.length > longestLine)
      throw fail(`expected at most ${longestLine} characters in a line, got ${line.length}`);
    const [, name, inside = '', digits] = sample.exec(line.replace(/ # \{.*$/, '')) ?? [];
    if (name === undefined) throw fail('expected a sample such as up{job="api"} 1, got something else');
    if (!number.test(digits!)) throw fail(`${name}: expected a number, got a text of ${digits!.length} characters`);
    count += 1;
    if (count > mostSamples) throw fail(`expected at most ${mostSamples} samples, got more`);
    const labels = readLabels(inside, name, fail);
    if (!kept.has(name)) return;
    const series = `${name}{${inside}}`;
    if (seen.has(series)) throw fail(`${name}: the same series stands twice; give one page per process`);
    seen.add(series);
    const value = Number(digits!.replace('Inf', 'Infinity'));
    if (!(value >= 0) || value > 1e18) throw fail(`${name}: expected a number from 0 to 1e18, got ${digits!}`);
    const entry = { labels, value };
    if (samples.get(name)?.push(entry) === undefined) samples.set(name, [entry]);
  });
  if (count === 0) throw refusal(file, 'expected samples, got comments only');
  return { kind: 'scrape', file, samples };
}

function readLabels(text: string, name: string, fail: (message: string) => Error): Readonly<Record<string, string>> {
  const labels: [string, string][] = [];
  label.lastIndex = 0;
  let end = 0;
  while (end < text.length) {
    const match = label.exec(text);
    if (match === null) throw fail(`${name}: expected labels such as {verb="LIST"} at offset ${end} of them`);
    if (labels.some(([key]) => key === match[1])) throw fail(`${name}: the label "${match[1]!}" stands twice`);
    labels.push([match[1]!, match[2]!.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one))]);
    end = label.lastIndex;
  }
  return Object.fromEntries(labels);
}
