import { describe, expect, it } from 'vitest';
import { kubernetesReleases } from '../profiles/release.ts';
import { apiServerMetrics, processMetrics } from './api-server-metrics.ts';
import { metricCatalogue, metricNamed } from './catalogue.ts';
import { clientMetrics } from './component-metrics.ts';
import { formatNumber } from './exposition.ts';
import { flowControlMetrics } from './flow-control-metrics.ts';
import { definitionIn } from './metric.ts';
import { scraped } from './testing/scraped-metrics.ts';

const ofApiServer = [...apiServerMetrics, ...flowControlMetrics, ...processMetrics, ...clientMetrics];

describe('beside a real kube-apiserver 1.31', () => {
  const both = ofApiServer.flatMap((definition) => {
    const here = definitionIn(definition, '1.31');
    const there = scraped[definition.name];
    return here === undefined || there === undefined ? [] : [[definition.name, here, there] as const];
  });

  it.each(both)('%s has the same type, labels and buckets', (_, here, there) => {
    expect(here.type).toBe(there.type);
    expect([...here.labels].sort()).toEqual(there.labels);
    expect(here.buckets && [...here.buckets.map(formatNumber), '+Inf']).toEqual(there.buckets);
  });

  it('what the scrape does not show is what had not happened yet, and nothing else', () => {
    const missing = ofApiServer
      .filter((definition) => definitionIn(definition, '1.31') !== undefined && scraped[definition.name] === undefined)
      .map((definition) => definition.name);
    expect(missing).toEqual([
      'apiserver_request_terminations_total',
      'apiserver_terminated_watchers_total',
      'apiserver_flowcontrol_rejected_requests_total',
    ]);
    expect(both.length).toBeGreaterThan(40);
  });
});

describe('the catalogue', () => {
  it('names are unique, and only histograms have buckets, in rising order', () => {
    expect(new Set(metricCatalogue.map((metric) => metric.name)).size).toBe(metricCatalogue.length);
    for (const { name, type, buckets, source } of metricCatalogue) {
      expect(buckets !== undefined, name).toBe(type === 'histogram');
      expect(
        [...(buckets ?? [])].sort((a, b) => a - b),
        name,
      ).toEqual([...(buckets ?? [])]);
      expect(source, name).toMatch(/^[a-z-]+\/[a-z_-]+, /);
    }
  });

  it('labels and buckets are those of the release', () => {
    const labels = (name: string): unknown => kubernetesReleases.map((release) => metricNamed(name, release)?.labels);
    expect(labels('apiserver_terminated_watchers_total')).toEqual([
      ...Array<string[]>(3).fill(['resource']),
      ...Array<string[]>(3).fill(['group', 'resource']),
    ]);
    expect(metricNamed('apiserver_resource_objects', '1.31')).toBeUndefined();
    expect(metricNamed('apiserver_flowcontrol_work_estimated_seats', '1.31')?.buckets).toEqual([1, 2, 4, 10]);
    expect(metricNamed('apiserver_flowcontrol_work_estimated_seats', '1.34')?.buckets).toContain(100);
    expect(() => metricNamed('apiserver_requests_total', '1.31')).toThrow(
      'metrics: no metric "apiserver_requests_total" in the catalogue',
    );
  });
});
