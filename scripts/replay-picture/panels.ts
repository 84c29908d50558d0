/** The panels of a picture of a run that plot its series. */
import { clockText, countText, namesText, shareText } from '../../packages/scenarios/src/report/words.ts';
import type { RunResult } from '../../packages/scenarios/src/scenario/result.ts';
import { axisInk, clusterColours, errorInk, greyLine, grid, ground, ink, mutedInk } from './look.ts';
import { plotLeft, plotRight, smallFont } from './look.ts';
import { type Attributes, element, line, pixels, staircase, text, textWidth } from './svg.ts';

/** The time axis that all panels share. */
export interface TimeAxis {
  /** Seconds after the trigger at the left and the right edge. */
  readonly start: number;
  readonly end: number;
  /** Seconds after the trigger at which grid lines stand. */
  readonly ticks: readonly number[];
}

/** Place of a time in pixels. */
export function placeOf(axis: TimeAxis, t: number): number {
  return plotLeft + ((t - axis.start) / (axis.end - axis.start)) * (plotRight - plotLeft);
}

/** A cluster as it is drawn: with a colour, or grey when it is small beside the largest. */
export interface DrawnCluster {
  readonly id: string;
  readonly nodes: number;
  readonly colour: string | undefined;
}

/** Clusters with less than this share of the nodes of the largest are grey. */
const smallCluster = 0.1;

/** The clusters of a run, largest first. */
export function drawnClusters(result: RunResult): DrawnCluster[] {
  const sorted = [...result.firstFailures].sort((a, b) => b.nodes - a.nodes || (a.cluster < b.cluster ? -1 : 1));
  const largest = sorted[0]?.nodes ?? 0;
  return sorted.map(({ cluster, nodes }, index) => ({
    id: cluster,
    nodes,
    colour: nodes < largest * smallCluster ? undefined : clusterColours[index],
  }));
}

/** What was drawn, and where the next thing may start. */
export interface Drawn {
  readonly parts: readonly string[];
  readonly bottom: number;
}

const headerHeight = 20;
const killRow = 6;

/** Keeps text readable on top of lines. */
const halo: Attributes = { 'paint-order': 'stroke', stroke: ground, 'stroke-width': 4, 'stroke-linejoin': 'round' };

/** CPU of the API servers, with a mark for each window in which one was killed for memory. */
export function cpuPanel(result: RunResult, axis: TimeAxis, top: number, height: number): Drawn {
  const clusters = drawnClusters(result);
  const title = 'API-server cores busy';
  const header = [heading(title, top), legend(clusters, plotLeft + textWidth(title, 13) + 28, top)];
  const kills = killMarks(result, clusters, axis, top + headerHeight);
  const plotTop = kills.bottom;
  const lines = [...clusters].reverse().map(({ id, colour }) => {
    const path = seriesPath(result, `apiServerCpu.${id}`, axis, (share) => plotTop + height * (1 - share));
    return curve(path, colour ?? greyLine, colour === undefined ? 1 : 1.4);
  });
  return {
    parts: [...header, ...kills.parts, ...shareGrid(axis, plotTop, height, 1), ...lines],
    bottom: plotTop + height,
  };
}

/** Share of DNS records that cannot be answered, of the clusters that matter. */
export function dnsPanel(result: RunResult, axis: TimeAxis, top: number, height: number): Drawn {
  const clusters = drawnClusters(result).filter(({ colour }) => colour !== undefined);
  const plotTop = top + headerHeight;
  const values = clusters.flatMap(({ id }) => columnWithin(result, `dnsFailureShare.${id}`, axis));
  const full = roundCeiling(Math.max(0, ...values));
  const lines = [...clusters].reverse().map(({ id, colour }) => {
    const path = seriesPath(result, `dnsFailureShare.${id}`, axis, (share) => plotTop + height * (1 - share / full));
    return curve(path, colour!, 1.4);
  });
  const note = values.some((value) => value > 0) ? [] : [nothing('no record fails', plotTop + height / 2)];
  const title = 'DNS records that fail, share per cluster';
  return {
    parts: [heading(title, top), ...shareGrid(axis, plotTop, height, full), ...lines, ...note],
    bottom: plotTop + height,
  };
}

/** Share of user requests that fail, as an area with its peak named. */
export function usersPanel(result: RunResult, axis: TimeAxis, top: number, height: number): Drawn {
  const plotTop = top + headerHeight;
  const base = plotTop + height;
  const full = roundCeiling(Math.max(0, ...columnWithin(result, 'userErrorShare', axis)));
  const y = (share: number): number => plotTop + height * (1 - share / full);
  const path = seriesPath(result, 'userErrorShare', axis, y);
  const area = path === '' ? '' : `${path}V${pixels(base)}H${pixels(placeOf(axis, axis.start))}Z`;
  return {
    parts: [
      heading('User requests that fail, share of all', top),
      ...shareGrid(axis, plotTop, height, full),
      ...(area === '' ? [] : [element('path', { d: area, fill: errorInk, 'fill-opacity': '0.22' })]),
      curve(path, errorInk, 1.4),
      peakLabel(result, axis, y, plotTop + height / 2),
    ],
    bottom: base,
  };
}

function peakLabel(result: RunResult, axis: TimeAxis, y: (share: number) => number, middle: number): string {
  const shares = result.series.columns['userErrorShare'] ?? [];
  const peak = shares.reduce((best, share, index) => (share > shares[best]! ? index : best), 0);
  const [share = 0, t = 0] = [shares[peak], result.series.t[peak]];
  if (share === 0) return nothing('no user request fails', middle);
  const label = `${shareText(share)} at worst, ${clockText(result, t)}`;
  const x = placeOf(axis, t + result.series.windowSeconds / 2);
  const isLeft = x + 10 + textWidth(label, 13) > plotRight;
  const style = { 'font-size': 13, 'font-weight': 600, fill: ink, 'text-anchor': isLeft ? 'end' : 'start', ...halo };
  const dot = element('circle', { cx: x, cy: y(share), r: 3, fill: errorInk, stroke: ground });
  return text(x + (isLeft ? -8 : 8), Math.min(y(share) + 4, y(0) - 6), label, style) + dot;
}

function killMarks(result: RunResult, clusters: readonly DrawnCluster[], axis: TimeAxis, top: number): Drawn {
  const parts: string[] = [];
  const half = result.series.windowSeconds / 2;
  let bottom = top;
  for (const { id, colour } of clusters) {
    const kills = result.series.columns[`apiMemoryKills.${id}`] ?? [];
    const places = result.series.t.filter((t, index) => kills[index]! > 0 && t >= axis.start && t < axis.end);
    if (places.length === 0) continue;
    const marks = places.map((t) => `M${pixels(placeOf(axis, t + half))} ${pixels(bottom)}v${killRow - 1}`).join('');
    parts.push(element('path', { d: marks, stroke: colour ?? greyLine, 'stroke-width': 1.6, fill: 'none' }));
    bottom += killRow;
  }
  const { apiServerOomKills: total } = result.kpis;
  if (parts.length === 0 || typeof total !== 'number') return { parts, bottom: top };
  const label = `marks: killed for memory, ${countText(total)} in all`;
  const style = { 'font-size': smallFont, fill: mutedInk, 'text-anchor': 'end' };
  parts.push(text(plotRight, (top + bottom) / 2 + 3, label, style));
  return { parts, bottom: bottom + 2 };
}

/** Names of the lines, with numbers of nodes when there is room for them. */
function legend(clusters: readonly DrawnCluster[], left: number, top: number): string {
  const coloured = clusters.filter(({ colour }) => colour !== undefined);
  const grey = clusters.filter(({ colour }) => colour === undefined).map(({ id }) => id);
  const others = grey.length > 2 ? `${grey.length} others` : namesText(grey);
  const sizes = coloured.map(({ nodes }, index) => ` (${countText(nodes)}${index === 0 ? ' nodes' : ''})`);
  const labels = (withSizes: boolean): string[] =>
    [...coloured.map(({ id }, index) => id + (withSizes ? sizes[index]! : '')), others].filter((label) => label !== '');
  const widthOf = (label: string): number => 34 + textWidth(label, smallFont);
  const widthOfAll = labels(true).reduce((sum, label) => sum + widthOf(label), 0);
  let next = left;
  const parts = labels(left + widthOfAll <= plotRight + 14).map((label, index) => {
    const x = next;
    next += widthOf(label);
    const stroke = coloured[index]?.colour ?? greyLine;
    const sample = line(x, top + 9, x + 16, top + 9, { stroke, 'stroke-width': 2.5 });
    return sample + text(x + 20, top + 13, label, { 'font-size': smallFont, fill: ink });
  });
  return parts.join('');
}

function heading(title: string, top: number): string {
  return text(plotLeft, top + 13, title, { 'font-size': 13, 'font-weight': 600, fill: ink });
}

function nothing(label: string, y: number): string {
  const style = { 'font-size': 13, fill: mutedInk, 'text-anchor': 'middle', ...halo };
  return text((plotLeft + plotRight) / 2, y + 4, label, style);
}

function curve(path: string, colour: string, strokeWidth: number): string {
  if (path === '') return '';
  return element('path', { d: path, fill: 'none', stroke: colour, 'stroke-width': strokeWidth });
}

/** Grid lines at the time ticks and at nothing, half and full, with percentages at the left. */
function shareGrid(axis: TimeAxis, top: number, height: number, full: number): string[] {
  const bottom = top + height;
  const vertical = axis.ticks.map((t) => `M${pixels(placeOf(axis, t))} ${pixels(top)}V${pixels(bottom)}`).join('');
  const style = { 'font-size': smallFont, fill: mutedInk, 'text-anchor': 'end' };
  return [
    element('path', { d: vertical, stroke: grid, 'stroke-width': 1 }),
    ...[0, 0.5, 1].flatMap((part) => [
      line(plotLeft, bottom - height * part, plotRight, bottom - height * part, {
        stroke: part === 0 ? axisInk : grid,
      }),
      text(plotLeft - 6, bottom - height * part + 4, shareText(full * part), style),
    ]),
  ];
}

/** The scale's upper end: 100 % unless everything is so small that nothing would be seen. */
function roundCeiling(largest: number): number {
  return [0.002, 0.01, 0.05, 0.2, 0.5].find((ceiling) => largest > 0 && largest <= ceiling) ?? 1;
}

function columnWithin(result: RunResult, name: string, axis: TimeAxis): number[] {
  const { t, columns } = result.series;
  return (columns[name] ?? []).filter((_, index) => t[index]! >= axis.start && t[index]! < axis.end);
}

/** A column as a staircase, one step a window; windows narrower than a pixel are joined, and the largest value stands. */
function seriesPath(result: RunResult, name: string, axis: TimeAxis, y: (value: number) => number): string {
  const { t, windowSeconds } = result.series;
  const values = columnWithin(result, name, axis);
  const times = t.filter((at) => at >= axis.start && at < axis.end);
  const perPixel = (axis.end - axis.start) / (plotRight - plotLeft);
  const joined = Math.max(1, Math.ceil(perPixel / windowSeconds));
  const heights: number[] = [];
  const places: number[] = [];
  for (let index = 0; index < values.length; index += joined) {
    places.push(placeOf(axis, times[index]!));
    heights.push(y(Math.max(...values.slice(index, index + joined))));
  }
  const last = times.at(-1);
  if (last !== undefined) places.push(Math.min(placeOf(axis, last + windowSeconds), plotRight));
  return staircase(places, heights);
}
