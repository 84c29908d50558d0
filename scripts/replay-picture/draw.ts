/** The picture of a run: facts and simulated moments on a time axis, and what clusters and users went through below. */
import { headline } from '../../packages/scenarios/src/report/headline.ts';
import { clockText } from '../../packages/scenarios/src/report/words.ts';
import type { RunResult } from '../../packages/scenarios/src/scenario/result.ts';
import { mastGap, placeFlags } from './labels.ts';
import { axisInk, fontFamily, frame, greyLine, ground, ink, mutedInk, plotLeft, plotRight } from './look.ts';
import { publishedInk, smallFont, width } from './look.ts';
import { comparedMoments, type Moment, publishedMoments, simulatedMoments } from './moments.ts';
import { cpuPanel, dnsPanel, type Drawn, placeOf, type TimeAxis, usersPanel } from './panels.ts';
import { element, escapeText, line, text, textWidth, wrap } from './svg.ts';

const rowHeight = 13;
const panelHeight = 72;
const panelGap = 10;
const longest = 6 * 3600;
const afterwards = 3600;

/** Bold text is this much wider. */
const boldness = 1.12;

/** A result as one SVG document of its own, about 1000 by 680 pixels; the same result gives the same bytes. */
export function drawReplay(result: RunResult): string {
  const axis = timeAxis(result);
  const heading = titleLines(result, axis);
  const strip = momentStrip(result, axis, heading.bottom);
  const cpu = cpuPanel(result, axis, strip.bottom + panelGap, panelHeight);
  const dns = dnsPanel(result, axis, cpu.bottom + panelGap, panelHeight);
  const users = usersPanel(result, axis, dns.bottom + panelGap, panelHeight);
  const clock = clockLabels(result, axis, users.bottom);
  const height = Math.ceil(clock.bottom);
  const card = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 6, fill: ground, stroke: frame };
  const body = [
    `<title>${escapeText(result.title)}</title>`,
    `<desc>${escapeText(headline(result))}</desc>`,
    element('rect', card),
    ...[heading, strip, cpu, dns, users, clock].flatMap(({ parts }) => parts),
  ].filter((part) => part !== '');
  const root = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return `<svg ${root} role="img" font-family="${fontFamily}">\n${body.join('\n')}\n</svg>\n`;
}

/**
 * From the start of the run until an hour after the last thing with a label, and not beyond six hours after the trigger
 * unless the simulated outage goes on for longer.
 */
function timeAxis(result: RunResult): TimeAxis {
  const { startSeconds: start, endSeconds } = result.horizon;
  const simulated = simulatedMoments(result).map(({ t }) => t);
  const labelled = [...publishedMoments(result).map(({ t }) => t), ...simulated];
  const last = labelled.length === 0 ? endSeconds : Math.max(...labelled) + afterwards;
  const end = Math.max(Math.min(last, endSeconds, Math.max(longest, ...simulated)), start + 60);
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480].map((minutes) => minutes * 60);
  const step = steps.find((seconds) => ((plotRight - plotLeft) * seconds) / (end - start) >= 60) ?? 86_400;
  const hours = Number(clockText(result, 0).slice(0, 2));
  const minutes = Number(clockText(result, 0).slice(3));
  const midnight = -(hours * 3600 + minutes * 60);
  const ticks: number[] = [];
  for (let t = midnight + Math.ceil((start - midnight) / step) * step; t <= end; t += step) ticks.push(t);
  return { start, end, ticks };
}

function titleLines(result: RunResult, axis: TimeAxis): Drawn {
  const published = publishedMoments(result);
  const hidden = published.filter(({ t }) => t > axis.end).length;
  const facts = published.length === 0 ? '' : '; published facts above';
  const later = hidden === 0 ? '' : ` (${hidden} of ${published.length} come after the end of this run)`;
  const isCompared = threadsWithin(result, axis).length > 0;
  const threads = isCompared ? '. Dashed: the same thing, published and simulated' : '';
  const changed = result.mitigations.map(({ title }) => title).join('; ');
  const size = Math.max(smallFont, Math.min(18, (18 * (width - 48)) / (textWidth(result.title, 18) * boldness)));
  const muted = { 'font-size': 13, fill: mutedInk };
  const run = `seed ${result.seed} · brownout ${result.engineVersion}`;
  const changes = changed === '' ? [] : wrap(`With: ${changed}.`, width - 48, 13);
  const top = 50 + changes.length * 18;
  return {
    parts: [
      text(24, 30, result.title, { 'font-size': size, 'font-weight': 600, fill: ink }),
      ...changes.map((words, index) => text(24, 50 + index * 18, words, { 'font-size': 13, fill: ink })),
      text(24, top, `Simulated from causes${facts}${later}${threads}.`, muted),
      text(plotRight, top, run, { ...muted, 'font-size': 12, 'text-anchor': 'end' }),
    ],
    bottom: top + 16,
  };
}

/** Published and simulated times of the same thing, where the axis shows both. */
function threadsWithin(result: RunResult, axis: TimeAxis): (readonly [published: number, simulated: number])[] {
  return comparedMoments(result).filter((pair) => pair.every((t) => t >= axis.start && t <= axis.end));
}

/** Published facts above a pair of lines, simulated moments below, and a thread between the times of the same thing. */
function momentStrip(result: RunResult, axis: TimeAxis, top: number): Drawn {
  const isShown = ({ t }: Moment): boolean => t >= axis.start && t <= axis.end;
  const published = publishedMoments(result).filter(isShown);
  const simulated = simulatedMoments(result).filter(isShown);
  const above = flags(published, axis, publishedInk);
  const below = flags(simulated, axis, ink);
  const upper = top + Math.max(1, above.rows) * rowHeight + 4;
  const lower = upper + 20;
  const parts = [
    ...threadsWithin(result, axis).map(([from, to]) =>
      line(placeOf(axis, from), upper, placeOf(axis, to), lower, { stroke: publishedInk, 'stroke-dasharray': '3 2' }),
    ),
    ...(published.length === 0 ? [] : [track('published', upper, publishedInk)]),
    ...above.draw(upper, -1),
    track('simulated', lower, ink),
    ...below.draw(lower, 1),
  ];
  const bottom = lower + below.rows * rowHeight + 6;
  const { clustersLost, firstUserError } = result.kpis;
  if (clustersLost !== 0 || firstUserError !== null) return { parts, bottom };
  const note = wrap(headline(result), plotRight - plotLeft, 13);
  const lines = note.map((words, index) =>
    text(plotLeft, bottom + 14 + index * 18, words, { 'font-size': 13, fill: ink }),
  );
  return { parts: [...parts, ...lines], bottom: bottom + 2 + note.length * 18 };
}

function track(name: string, y: number, colour: string): string {
  const style = { 'font-size': 12, 'font-weight': 600, fill: colour, 'text-anchor': 'end' };
  return line(plotLeft, y, plotRight, y, { stroke: axisInk }) + text(plotLeft - 8, y + 4, name, style);
}

interface Flags {
  readonly rows: number;
  /** Draws them on a line at `y`, upwards (-1) or downwards (1). */
  readonly draw: (y: number, direction: 1 | -1) => string[];
}

function flags(moments: readonly Moment[], axis: TimeAxis, colour: string): Flags {
  const named = moments.flatMap(({ t, label }) => (label === undefined ? [] : [{ label, x: placeOf(axis, t) }]));
  const placed = placeFlags(
    named.map(({ label, x }) => ({ x, width: textWidth(label, smallFont) })),
    plotRight,
  );
  const draw = (y: number, direction: 1 | -1): string[] => {
    const dots = moments.map(({ t }) =>
      element('circle', { cx: placeOf(axis, t), cy: y, r: 3, fill: colour, stroke: ground }),
    );
    const flagged = named.flatMap(({ label, x }, index) => {
      const { row, isLeft } = placed[index]!;
      const baseline = direction < 0 ? y - 8 - row * rowHeight : y + 15 + row * rowHeight;
      const style = { 'font-size': smallFont, fill: colour, 'text-anchor': isLeft ? 'end' : 'start' };
      return [
        line(x, y, x, direction < 0 ? baseline - 8 : baseline, { stroke: greyLine }),
        text(x + (isLeft ? -mastGap : mastGap), baseline, label, style),
      ];
    });
    return [...flagged, ...dots];
  };
  return { rows: Math.max(0, ...placed.map(({ row }) => row + 1)), draw };
}

function clockLabels(result: RunResult, axis: TimeAxis, top: number): Drawn {
  const style = { 'font-size': 12, fill: mutedInk, 'text-anchor': 'middle' };
  const zone = text(plotLeft - 8, top + 17, result.clock.zone, { ...style, 'text-anchor': 'end' });
  const ticks = axis.ticks.map((t) => text(placeOf(axis, t), top + 17, clockText(result, t), style));
  return { parts: [zone, ...ticks], bottom: top + 28 };
}
