/** A sweep in words: for each measure a heat map of two factors or a table of points, and what each factor does. */
import { type FactorValue, type MainEffect, responsesOf, type ResponseSummary } from '@brownout/core';
import { measureKind } from '../experiment/condition.ts';
import type { SweepEffects } from '../experiment/sweep-effects.ts';
import type { SweepResult } from '../experiment/sweep.ts';
import { writtenValue } from '../experiment/vary.ts';
import { measureDefinitions } from '../scenario/measure-definitions.ts';
import { type HeatMap, heatMapLegend, heatMapLines } from './heat-map.ts';
import { measureValueText } from './measure-text.ts';
import { plainStyle, type Style } from './style.ts';
import { type Column, hang, table } from './text.ts';

/** How a sweep is written. */
export interface SweepTextOptions {
  /** Columns; default 100. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
}

/** Points that a table of points shows at most; the data has all of them. */
const longestTable = 200;

/** Bars of a table of points are this wide. */
const barWidth = 10;

/** The sweep as text, ending in a line break. Intervals are of the level that the sweep was made with. */
export function sweepText(result: SweepResult, options: SweepTextOptions = {}): string {
  const { width = 100, style = plainStyle } = options;
  return `${[...headLines(result, width, style), ...result.measures.flatMap((measure) => ['', ...measureLines(result, measure, width, style)])].join('\n')}\n`;
}

function headLines(result: SweepResult, width: number, style: Style): string[] {
  const { rows, replications, seed, design, level } = result;
  const designs = {
    grid: 'grid',
    'latin-hypercube': 'Latin hypercube',
    sobol: 'Sobol sequence',
    morris: 'Morris screening',
  };
  const each = replications === 1 ? 'one run each, no intervals' : `${replications} runs each under the same seeds`;
  const intervals = replications === 1 ? '' : `; intervals cover with ${Number((level * 100).toFixed(1))} %`;
  const summary = `${designs[design]} of ${rows.length} points, ${each}, seed ${seed}${intervals}`;
  return [style.strong(`SWEEP ${result.scenario}`), ...hang('', summary, width, style.faint)];
}

function measureLines(result: SweepResult, measure: string, width: number, style: Style): string[] {
  const responses = responsesOf(result, measure, result.level);
  const title = measureDefinitions.find(({ name }) => name === measure)?.title;
  const centre = result.replications === 1 ? '' : `, ${responses[0]!.centre}`;
  const map = heatMapOf(result, measure, responses);
  const drawn = map === undefined ? undefined : heatMapLines(map, width, style);
  return [
    ...hang('', `${measure}${title === undefined ? '' : ` (${title})`}${centre}`, width, style.strong),
    ...(drawn === undefined
      ? pointLines(result, measure, responses, width, style)
      : [...axisNames(result, width, style), ...drawn, ...legendLines(measure, responses, width, style)]),
    ...effectLines(result.effects[measure]!, measure, width, style),
  ];
}

/** The map of a grid of two factors: the first goes down, the second across. */
function heatMapOf(result: SweepResult, measure: string, responses: readonly ResponseSummary[]): HeatMap | undefined {
  if (result.design !== 'grid' || result.factors.length !== 2) return undefined;
  const values = [0, 1].map((index) => [...new Set(result.rows.map(({ point }) => point[index]!))]);
  const [down = [], across = []] = values;
  return {
    across: across.map((value) => factorText(result, 1, value)),
    down: down.map((value) => factorText(result, 0, value)),
    cells: down.map((_, row) =>
      across.map((__, column) => {
        const response = responses[row * across.length + column]!;
        const text = measureValueText(measure, response.value);
        return { value: response.value, text, note: intervalText(measure, response) };
      }),
    ),
  };
}

function axisNames({ factors }: SweepResult, width: number, style: Style): string[] {
  return hang('', `down: ${factors[0]!}; across: ${factors[1]!}`, width, style.faint);
}

function legendLines(measure: string, responses: readonly ResponseSummary[], width: number, style: Style): string[] {
  const numbers = responses.map(({ value }) => value).filter((value) => value !== null);
  if (numbers.length === 0) return [];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)].map((value) => measureValueText(measure, value));
  return hang('', heatMapLegend(low!, high!, numbers.length < responses.length), width, style.faint);
}

function pointLines(
  result: SweepResult,
  measure: string,
  responses: readonly ResponseSummary[],
  width: number,
  style: Style,
): string[] {
  const most = Math.max(0, ...responses.map(({ value }) => value ?? 0));
  const columns: Column[] = [
    ...result.factors.map((factor): Column => ({ title: factor, align: 'right' })),
    { title: 'value', align: 'right' },
    ...(result.replications === 1 ? [] : [{ title: 'interval' }]),
    { title: '', isOptional: true },
  ];
  const rows = result.rows.slice(0, longestTable).map(({ point }, index) => {
    const response = responses[index]!;
    return [
      ...point.map((value, factor) => factorText(result, factor, value)),
      measureValueText(measure, response.value),
      ...(result.replications === 1 ? [] : [intervalText(measure, response)]),
      most > 0 ? '█'.repeat(Math.round((barWidth * Math.max(0, response.value ?? 0)) / most)) : '',
    ];
  });
  const left = result.rows.length - rows.length;
  return [...table(columns, rows, width, style.faint), ...(left > 0 ? [style.faint(`and ${left} more points`)] : [])];
}

function effectLines(effects: SweepEffects, measure: string, width: number, style: Style): string[] {
  switch (effects.kind) {
    case 'none':
      return hang('', `No effects of the factors: ${effects.reason}.`, width, style.faint);
    case 'main': {
      if (effects.factors.length < 2) return [];
      const rows = effects.factors.map(({ factor, size, levels }) => [
        factor,
        size === null ? missingSize(levels) : measureValueText(measure, size).replace(/^\+/, ''),
      ]);
      return table([{ title: 'factor' }, { title: 'largest difference of its averages' }], rows, width, style.faint);
    }
    case 'rank-correlation': {
      const columns: Column[] = [
        { title: 'factor' },
        { title: 'rank correlation', align: 'right' },
        { title: 'by chance' },
      ];
      const rows = effects.factors.map(({ factor, correlation, probability }) => [
        factor,
        correlation.toFixed(2),
        probability < 0.001 ? '< 0.001' : probability.toFixed(3),
      ]);
      return table(columns, rows, width, style.faint);
    }
    case 'elementary': {
      const titles = ['factor', 'mean size (mu*)', 'mean (mu)', 'deviation (sigma)'];
      const columns = titles.map((title, index): Column => ({ title, align: index === 0 ? 'left' : 'right' }));
      const rows = effects.factors.map((each) => [
        each.factor,
        ...[each.meanSize, each.mean, each.deviation].map((value) => String(Number(value.toPrecision(3)))),
      ]);
      return table(columns, rows, width, style.faint);
    }
  }
}

function missingSize(levels: MainEffect['levels']): string {
  const isNever = levels.every(({ response }) => response.value === null);
  return isNever ? 'none seen: it mostly did not happen' : 'between happening and not';
}

function factorText({ varied }: SweepResult, factor: number, value: FactorValue): string {
  return String(writtenValue(varied[factor]!, value));
}

/** Student's interval may end where no value can be; what is printed ends at 0, and shares at 1. */
function intervalText(measure: string, { interval }: ResponseSummary): string {
  if (interval === undefined) return '';
  const kind = measureKind(measure);
  const [low, high] = [interval.low, interval.high].map((end) =>
    end === null || kind === 'moment' ? end : Math.min(kind === 'share' ? 1 : Infinity, Math.max(0, end)),
  ) as [number | null, number | null];
  return low === high ? 'no spread' : `${measureValueText(measure, low)} .. ${measureValueText(measure, high)}`;
}
