/** What a search varies: a number in the document, or a parameter of a mitigation that is applied to it. */
import type { RangeFactor } from '@brownout/core';
import type { ScenarioDocument } from '../scenario/document.ts';
import { DocumentError } from '../scenario/document-error.ts';
import { formatTime } from '../scenario/format.ts';
import { applyMitigations, type Mitigation, parseMitigationList } from '../scenario/mitigation.ts';
import { scenarioJsonSchema } from '../scenario/parse.ts';
import { readTime } from '../scenario/units.ts';
import { documentAt, parseVary, roundedValue, type Varied, writtenValue } from './vary.ts';

/** An axis. */
export interface TipAxis {
  /** `clusters[0].nodes`, or `more-api-servers:replicas`. */
  readonly name: string;
  readonly factor: RangeFactor;
  /** The document with this value. Not checked. */
  readonly at: (document: ScenarioDocument, value: number) => ScenarioDocument;
  /** The value as it is written: `3500`, `42s`. */
  readonly written: (value: number) => string;
}

/**
 * Reads `path=a..b[:log]` (see `parseVary`), or `id:parameter=a..b`: one parameter of a mitigation, others may be fixed
 * (`id:use=scale-up,takes=10min..2h`). Throws `DocumentError`.
 */
export function parseTipAxis(document: ScenarioDocument, text: string, known: readonly Mitigation[]): TipAxis {
  return /^\s*[a-z0-9-]+:[^=]+=/.test(text) ? mitigationAxis(text.trim(), known) : pathAxis(parseVary(document, text));
}

/** The axis of a place in the document. Throws `DocumentError` for a list, which has no order. */
export function pathAxis(varied: Varied): TipAxis {
  const { path, factor } = varied;
  if ('values' in factor) throw problem(path, 'expected a range such as 1000..5000, got a list');
  const schema = scenarioJsonSchema();
  return {
    name: path,
    factor,
    at: (document, value) => documentAt(document, [varied], [roundedValue(varied, value)], schema),
    written: (value) => String(writtenValue(varied, roundedValue(varied, value))),
  };
}

/** The axis of a parameter. Durations are tried in whole seconds. */
function mitigationAxis(text: string, known: readonly Mitigation[]): TipAxis {
  const parts = text.split(',');
  const place = parts.findIndex((part) => part.includes('..'));
  const [, head = '', low = '', high = '', isLog] = /^(.*=)(.+?)\.\.(.+?)(:log)?$/.exec(parts[place] ?? '') ?? [];
  if (head === '') throw problem(text, 'expected one parameter with a range, such as more-api-servers:replicas=3..9');
  const name = head.slice(0, -1).trim();
  const listed = (value: string): string =>
    parts.map((part, index) => (index === place ? head + value : part)).join(',');
  const [chosen] = parseMitigationList(listed(low), known);
  parseMitigationList(listed(high), known);
  const parameter = chosen!.mitigation.parameters[name.slice(name.lastIndexOf(':') + 1)];
  const kind = parameter?.kind;
  if (kind !== 'duration' && kind !== 'count' && kind !== 'number' && kind !== 'share') {
    throw problem(text, `${name} has no order: expected a count, number, share or duration`);
  }
  const isTime = kind === 'duration';
  const amount = (end: string): number => {
    if (isTime) return (readTime(end).value ?? NaN) / 1_000_000;
    return end.endsWith('%') ? Number(end.slice(0, -1)) / 100 : Number(end);
  };
  const factor: RangeFactor = {
    name,
    low: amount(low),
    high: amount(high),
    scale: isLog === undefined ? 'linear' : 'log',
    kind: kind === 'count' || isTime ? 'whole' : 'number',
  };
  const unfit = problemOf(factor);
  if (unfit !== undefined) throw problem(text, `${unfit}, got "${low}" to "${high}"`);
  const written = (value: number): string =>
    isTime ? formatTime(value * 1_000_000) : String(Number(value.toPrecision(6)));
  return {
    name,
    factor,
    at: (document, value) => applyMitigations(document, parseMitigationList(listed(written(value)), known)).document,
    written,
  };
}

/** What is wrong with a range as a search needs it, if anything. */
function problemOf({ low, high, scale, kind }: RangeFactor): string | undefined {
  if (!(high > low)) return 'expected a range that grows';
  if (scale === 'log' && low <= 0) return 'a log scale needs a range above 0';
  if (kind === 'whole' && !(Number.isSafeInteger(low) && Number.isSafeInteger(high))) {
    return 'expected whole numbers, or times in whole seconds';
  }
  return undefined;
}

function problem(text: string, message: string): DocumentError {
  return new DocumentError(`vary "${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`, [{ path: '', message }]);
}
