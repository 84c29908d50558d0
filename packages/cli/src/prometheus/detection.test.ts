import { describe, expect, it } from 'vitest';
import { detectionText, firstPage } from './detection.ts';
import type { AlertsResult, AlertVerdict } from './evaluate.ts';

function verdict(alert: string, firstFiring: number | null, labels: AlertVerdict['labels'] = {}): AlertVerdict {
  const none = { group: 'g', forSeconds: 0, firings: [], leadSeconds: null, firedBefore: false, missingMetrics: [] };
  return { alert, labels, firstFiring, ...none };
}

function result(...alerts: readonly AlertVerdict[]): AlertsResult {
  return {
    schema: 'brownout/alerts@1',
    scenario: 'mine',
    title: 'Mine',
    documentHash: '0123456789abcdef',
    engineVersion: '0.1.0',
    seed: '3',
    digest: 'fedcba9876543210',
    clock: { zero: '2024-12-11T14:51:00-08:00', zone: 'PST' },
    scrapeSeconds: 30,
    firstUserError: null,
    alerts,
  };
}

describe('what wakes people', () => {
  it('is the first of the rules that page: their severity says so, or they have none', () => {
    const ticket = verdict('A', 10, { severity: 'ticket' });
    const page = verdict('B', 90, { severity: 'critical' });
    expect(firstPage(result(ticket, verdict('C', null), page, verdict('D', 120)))?.alert).toBe('B');
    expect(firstPage(result(ticket, verdict('C', null)))).toBeUndefined();
  });

  it('is written with where it comes from, as an assignment', () => {
    const lines = detectionText(result(verdict('B', 90)), 'rules.yaml').split('\n');
    expect(lines[0]).toBe(
      '# rules.yaml evaluated by Prometheus on mine, document 0123456789abcdef, seed 3, engine 0.1.0: B fired +1 min 30 s',
    );
    const [path, value] = lines[2]!.split(/=(.*)/);
    expect([path, JSON.parse(value!)]).toEqual([
      'operators.detection',
      {
        at: {
          value: '90 s',
          source: 'derived',
          note: 'rules.yaml evaluated by Prometheus on mine, document 0123456789abcdef, seed 3',
        },
        by: 'B',
      },
    ]);
  });

  it('is nothing where no rule that pages fired', () => {
    expect(detectionText(result(verdict('B', null)), 'rules.yaml')).toContain(
      'operators.detection={"at":null,"by":"none of the rules"}',
    );
  });
});
