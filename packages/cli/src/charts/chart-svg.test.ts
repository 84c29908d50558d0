import {
  causesChart,
  forestChart,
  heatMapChart,
  latenciesChart,
  overTimeChart,
  overviewChart,
  phaseChart,
  runScenario,
  seatsChart,
  incidents,
} from '@brownout/scenarios';
import { compile } from 'vega-lite';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChartSpec, RunResult } from '@brownout/scenarios';
import { chartSvg } from './chart-svg.ts';

let result: RunResult;

beforeAll(() => {
  // Two minutes of an incident without Kubernetes objects to speak of: what is drawn matters, not what happens.
  const document = incidents.find(({ id }) => id === 'openai-2024-12-04')!.document();
  result = runScenario(document, { untilSeconds: 300 });
});

/** What the compiler says about a chart. */
class Complaints {
  readonly texts: string[] = [];
  level(): this {
    return this;
  }
  debug(): this {
    return this;
  }
  info(): this {
    return this;
  }
  warn(...parts: readonly unknown[]): this {
    this.texts.push(parts.join(' '));
    return this;
  }
  error(...parts: readonly unknown[]): this {
    return this.warn(...parts);
  }
}

function complaintsOf(spec: ChartSpec): readonly string[] {
  const logger = new Complaints();
  compile(spec as unknown as Parameters<typeof compile>[0], { logger: logger as never });
  return logger.texts;
}

const cells = [1, 2].flatMap((x) => [1, 2].map((y) => ({ x, y, value: x * y, phase: 'stable' as const })));

describe('charts as pictures', () => {
  it.each([
    ['overview', () => overviewChart(result)],
    ['latencies', () => latenciesChart(result)],
    ['latency', () => overTimeChart(result, 'latency')],
    ['seats', () => seatsChart(result)],
    ['causes', () => causesChart({ ...result, causes: [{ t: 1, clock: '00:00:01', kind: 'users', text: 'fails' }] })],
    ['forest', () => forestChart([{ label: 'a', estimate: 1, low: 0, high: 2 }], { title: 't', axis: 'x' })],
    ['heat map', () => heatMapChart(cells, { title: 't', x: 'x', y: 'y' })],
    ['phases', () => phaseChart(cells, { title: 't', x: 'x', y: 'y' })],
  ])('%s: the compiler has nothing to complain about', (_, spec) => {
    expect(complaintsOf(spec())).toEqual([]);
  });

  it('are drawn without a browser, the same every time', async () => {
    const spec = overviewChart(result);
    const picture = await chartSvg(spec);
    expect(picture).toMatch(/^<svg /);
    expect(picture).toContain('What happened, when');
    expect((await chartSvg(spec)) === picture).toBe(true);
  });
});
