import type { ComparisonRow, RunResult, TimelineEntry } from '../scenario/result.ts';
import type { Paint, Style } from './style.ts';
import { besides, table, wrap, type Room, type Table } from './text.ts';
import { afterText, differenceText, momentText, namesText } from './words.ts';

/**
 * The story of a run in time: what was simulated beside what was published. The same thing happening to several clusters
 * within two minutes is told once.
 */

/** Entries alike are joined when they follow the first of them within this many seconds. */
const joinedWithin = 120;

/** From this width on, published facts get a column of their own. */
const sideBySideFrom = 104;

/** One or several entries told as one. */
export interface TimelineLine {
  readonly t: number;
  readonly clock: string;
  readonly kind: string;
  readonly text: string;
  readonly clusters: readonly string[];
  /** How many entries this line stands for. */
  readonly count: number;
  readonly isPublished: boolean;
}

/** Joins entries that tell the same of several clusters, or the same again and again, at nearly the same time. */
export function joinEntries(timeline: readonly TimelineEntry[]): TimelineLine[] {
  const groups: { readonly first: TimelineEntry; readonly entries: TimelineEntry[] }[] = [];
  for (const entry of timeline) {
    const group = groups.findLast(({ first }) => isAlike(first, entry));
    if (group === undefined) groups.push({ first: entry, entries: [entry] });
    else group.entries.push(entry);
  }
  return groups.map(({ first, entries }) => ({
    t: first.t,
    clock: first.clock,
    kind: first.kind,
    text: commonText(entries.map((entry) => entry.text)),
    clusters: [...new Set(entries.flatMap((entry) => entry.cluster ?? []))],
    count: entries.length,
    isPublished: first.published === true,
  }));
}

/** The timeline in lines, `width` characters wide. */
export function timelineLines(result: RunResult, width: number, style: Style): string[] {
  const during = result.timeline.filter(({ t }) => t <= result.horizon.endSeconds);
  const lines = joinEntries(during);
  const later = result.timeline.length - during.length;
  const facts = later === 1 ? 'one published fact' : `${later} published facts`;
  const remark = later === 0 ? [] : wrap(`the run ends here; ${facts} about the time after it left out`, width);
  return [
    ...(width < sideBySideFrom ? oneColumn(lines, width, style) : twoColumns(lines, width, style)),
    ...remark.map(style.faint),
  ];
}

/** Published facts that name a simulated time, with both times and how far apart they are. */
export function comparisonLines(result: RunResult, width: number, style: Style): string[] {
  if (result.comparison.length === 0) return [];
  if (width < sideBySideFrom) return result.comparison.flatMap((row) => comparisonParagraph(row, result, width, style));
  const { columns, rows } = comparisonTable(result, style);
  return table(columns, rows, width, style.faint);
}

/** Published facts that name a simulated time, as a table. */
export function comparisonTable(result: RunResult, style: Style): Table {
  const rows = result.comparison.map((row) => [
    { text: momentText(result, row.publishedSeconds), paint: style.published },
    simulatedMoment(row, result),
    row.differenceSeconds === null ? '' : differenceText(row.differenceSeconds),
    row.fact,
  ]);
  const columns = [{ title: 'published' }, { title: 'simulated' }, { title: 'simulated came' }, { title: 'what' }];
  return { columns, rows };
}

function comparisonParagraph(row: ComparisonRow, result: RunResult, width: number, style: Style): string[] {
  const published = `published ${momentText(result, row.publishedSeconds)}`;
  const difference = row.differenceSeconds === null ? '' : `, ${differenceText(row.differenceSeconds)}`;
  const simulated =
    row.simulatedSeconds === null
      ? `simulated: ${missing(row, result)}`
      : `simulated ${simulatedMoment(row, result)}${difference}`;
  const fact = wrap(row.fact, width);
  if (width < 80) return [...fact, `    ${style.published(published)}`, `    ${simulated}`];
  return [...fact, `    ${style.published(published)}${' '.repeat(30 - published.length)}${simulated}`];
}

function simulatedMoment(row: ComparisonRow, result: RunResult): string {
  return row.simulatedSeconds === null ? missing(row, result) : momentText(result, row.simulatedSeconds);
}

function missing(row: ComparisonRow, result: RunResult): string {
  return row.publishedSeconds > result.horizon.endSeconds ? 'the run ends before' : 'not in this run';
}

function isAlike(first: TimelineEntry, entry: TimelineEntry): boolean {
  if (first.published === true || entry.published === true) return false;
  return (
    first.kind === entry.kind && entry.t - first.t <= joinedWithin && template(first.text) === template(entry.text)
  );
}

/** Texts are alike when they differ in numbers or in what follows the last comma. */
function template(text: string): string {
  return text.replace(/, .*$/, '').replace(/\d+/g, '#');
}

/** What all texts share, word by word, with an ellipsis for what differs. */
function commonText(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  if (others.every((text) => text === first)) return first;
  const split = others.map((text) => text.split(' '));
  const words = first.split(' ').map((word, index) => {
    const isShared = split.every((other) => bareWord(other[index]) === bareWord(word));
    return isShared ? bareWord(word) : '…';
  });
  return words
    .join(' ')
    .replace(/( …)+$/, '')
    .replace(/(… )+…/g, '…');
}

function bareWord(word: string | undefined): string {
  return (word ?? '').replace(/,$/, '');
}

/** What happened, where and how often: "large-1 and large-2: API server killed (6 times)". */
export function simulatedText({ text, clusters, count }: TimelineLine): string {
  const times = count > Math.max(1, clusters.length) ? ` (${count} times)` : '';
  return clusters.length === 0 ? `${text}${times}` : `${namesText(clusters)}: ${text}${times}`;
}

function paintOf(line: TimelineLine, style: Style): Paint | undefined {
  if (line.isPublished) return style.published;
  if (['saturation', 'memory-kill', 'liveness-kill', 'etcd-kill', 'lock-out'].includes(line.kind)) return style.bad;
  if (line.kind === 'alert') return style.warn;
  return line.kind === 'recovery' ? style.good : undefined;
}

function timeTexts(line: TimelineLine): readonly string[] {
  return [line.clock, afterText(line.t)];
}

/** "15:12:30" and "+10 h 59 min" before every text. */
const timeRooms: readonly Room[] = [{ width: 8 }, { width: 11, align: 'right' }];
const timeWidth = 8 + 2 + 11 + 2;

function oneColumn(lines: readonly TimelineLine[], width: number, style: Style): string[] {
  const room = width - timeWidth;
  return lines.flatMap((line) => {
    const text = line.isPublished ? `» published: ${line.text}` : simulatedText(line);
    return besides(
      [...timeTexts(line).map((time) => [time]), wrap(text, room)],
      [...timeRooms, { width: room, paint: paintOf(line, style) }],
    );
  });
}

function twoColumns(lines: readonly TimelineLine[], width: number, style: Style): string[] {
  const room = width - timeWidth - 2;
  const left = Math.floor(room * 0.6);
  const rooms = (paint: Paint | undefined): Room[] => [
    ...timeRooms,
    { width: left, paint },
    { width: room - left, paint },
  ];
  const titles = besides([[], [], ['simulated'], ['published']], rooms(style.faint));
  const rows = lines.flatMap((line) => {
    const texts = line.isPublished ? [[], wrap(`» ${line.text}`, room - left)] : [wrap(simulatedText(line), left), []];
    return besides([...timeTexts(line).map((time) => [time]), ...texts], rooms(paintOf(line, style)));
  });
  return [...titles, ...rows];
}
