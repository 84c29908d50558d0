import type { MetricDefinition, Scrape } from '@brownout/scenarios';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricsFile } from './metrics-file.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'brownout-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function gauge(name: string): MetricDefinition {
  return { name, type: 'gauge', help: name, labels: [], source: 'here', isFilled: true };
}

function scrape(names: readonly string[], value: number): readonly Scrape[] {
  const families = names.map((name) => ({ definition: gauge(name), samples: [{ labels: {}, value }] }));
  return [{ job: 'apiserver', instance: 'a-0', families }];
}

const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('brownout-metrics-'));

describe('a file of metrics', () => {
  it('keeps the samples of a family together and in their order, whatever the order of the scrapes', () => {
    const before = leftovers();
    const file = new MetricsFile({ zero: '1970-01-01T00:00:00Z' });
    file.add(1, 'west', scrape(['b', 'a'], 1));
    file.add(2, 'west', scrape(['a', 'b'], 2));
    expect(file.sampleCount).toBe(6);
    file.finish(join(folder, 'metrics.om'));
    const labels = '{cluster="west",job="apiserver",instance="a-0",source="simulation"}';
    const family = (name: string): string =>
      `# HELP ${name} ${name}\n# TYPE ${name} gauge\n${name}${labels} 1 1\n${name}${labels} 2 2\n`;
    const up = `# HELP up Whether the target answered its scrape.\n# TYPE up gauge\nup${labels} 1 1\nup${labels} 1 2\n`;
    expect(readFileSync(join(folder, 'metrics.om'), 'utf8')).toBe(`${family('a')}${family('b')}${up}# EOF\n`);
    expect(leftovers()).toEqual(before);
  });

  it('says of a target that no longer answers that it is down', () => {
    const file = new MetricsFile({ zero: '1970-01-01T00:00:00Z', match: /^up$/ });
    file.add(1, 'west', scrape(['a'], 1));
    file.add(1, 'east', []);
    file.add(2, 'west', []);
    file.finish(join(folder, 'metrics.om'));
    const values = readFileSync(join(folder, 'metrics.om'), 'utf8').match(/(?<=\} ).*/g);
    expect(values).toEqual(['1 1', '0 2']);
  });

  it('leaves out what nobody asked for, and nothing behind when it is given up', () => {
    const before = leftovers();
    const file = new MetricsFile({ zero: '1970-01-01T00:00:00Z', match: /^a$/ });
    file.add(1, 'west', scrape(['b', 'a'], 1));
    expect(file.sampleCount).toBe(1);
    file.discard();
    expect(leftovers()).toEqual(before);
  });
});
