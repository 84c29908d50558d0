import { describe, expect, it } from 'vitest';
import { metricNamed } from './catalogue.ts';
import { expositionText, formatNumber } from './exposition.ts';

describe('numbers as the Go client library writes them', () => {
  it.each([
    [0, '0'],
    [100_000, '100000'],
    [1e6, '1e+06'],
    [2.9304832e8, '2.9304832e+08'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e-8, '1e-08'],
    [-2.5, '-2.5'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
  ])('%d: %s', (value, text) => expect(formatNumber(value)).toBe(text));
});

it('families become text, histograms with their cumulative buckets', () => {
  const levels = metricNamed('apiserver_flowcontrol_current_limit_seats', '1.31')!;
  const fsync = { ...metricNamed('etcd_disk_wal_fsync_duration_seconds', '1.31')!, buckets: [0.001, 0.002] };
  const text = expositionText([
    { definition: levels, samples: [{ labels: { priority_level: 'a"b\\c\nd' }, value: 245 }] },
    { definition: fsync, histograms: [{ labels: {}, cumulative: [1, 3, 4], sum: 0.0105 }] },
  ]);
  expect(text).toBe(
    [
      '# HELP apiserver_flowcontrol_current_limit_seats Seats the level may use now.',
      '# TYPE apiserver_flowcontrol_current_limit_seats gauge',
      'apiserver_flowcontrol_current_limit_seats{priority_level="a\\"b\\\\c\\nd"} 245',
      '# HELP etcd_disk_wal_fsync_duration_seconds Time of an fsync of the log.',
      '# TYPE etcd_disk_wal_fsync_duration_seconds histogram',
      'etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 1',
      'etcd_disk_wal_fsync_duration_seconds_bucket{le="0.002"} 3',
      'etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 4',
      'etcd_disk_wal_fsync_duration_seconds_sum 0.0105',
      'etcd_disk_wal_fsync_duration_seconds_count 4',
      '',
    ].join('\n'),
  );
});
