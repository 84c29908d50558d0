import { describe, expect, it } from 'vitest';
import type { MetricDefinition } from './metric.ts';
import { openMetricsHead, openMetricsSamples } from './open-metrics.ts';

function definition(name: string, type: MetricDefinition['type'], buckets?: readonly number[]): MetricDefinition {
  const usual = { name, type, help: 'Says "what".', labels: ['verb'], source: 'here', isFilled: true };
  return buckets === undefined ? usual : { ...usual, buckets };
}

describe('OpenMetrics text', () => {
  it('names the family of a counter without its suffix, and its samples with it', () => {
    const requests = definition('requests_total', 'counter');
    expect(openMetricsHead(requests)).toBe('# HELP requests Says \\"what\\".\n# TYPE requests counter\n');
    const family = { definition: requests, samples: [{ labels: { verb: 'LIST' }, value: 3 }] };
    expect(openMetricsSamples(family, { job: 'apiserver' }, 1_733_957_460.0005)).toBe(
      'requests_total{verb="LIST",job="apiserver"} 3 1733957460.001\n',
    );
  });

  it('gives no type to a counter that is not named like one', () => {
    expect(openMetricsHead(definition('odd_count', 'counter'))).toContain('# TYPE odd_count unknown\n');
  });

  it('writes every bucket of a histogram, its sum and its count at the same instant', () => {
    const family = {
      definition: definition('wait_seconds', 'histogram', [0.5, 1]),
      histograms: [{ labels: {}, cumulative: [1, 2, 4], sum: 7.5 }],
    };
    expect(openMetricsSamples(family, {}, 10).split('\n')).toEqual([
      'wait_seconds_bucket{le="0.5"} 1 10',
      'wait_seconds_bucket{le="1"} 2 10',
      'wait_seconds_bucket{le="+Inf"} 4 10',
      'wait_seconds_sum 7.5 10',
      'wait_seconds_count 4 10',
      '',
    ]);
  });

  it('keeps quotes, backslashes and line breaks inside their label, and leaves empty labels out', () => {
    const family = {
      definition: definition('up', 'gauge'),
      samples: [{ labels: { verb: 'a"b\\c\nd', empty: '' }, value: 1 }],
    };
    expect(openMetricsSamples(family, {}, 0)).toBe('up{verb="a\\"b\\\\c\\nd"} 1 0\n');
  });
});
