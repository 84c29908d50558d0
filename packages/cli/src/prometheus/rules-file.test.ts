import { describe, expect, it } from 'vitest';
import { namesIn, readRules, recordingSteps, type RecordingRule } from './rules-file.ts';

const rules = `
groups:
  - name: api
    interval: 30s
    rules:
      - record: job:errors:rate5m
        expr: sum by (job) (rate(errors_total[5m]))
      - alert: ErrorsHigh
        expr: job:errors:rate5m > 1
        for: 1h30m
        labels: { severity: page }
  - name: others
    rules:
      - alert: Down
        expr: absent(up{job="kubelet"} == 1)
`;

function record(name: string, expr: string): RecordingRule {
  return { record: name, group: 'g', expr, labels: {}, intervalSeconds: 60 };
}

describe('a rule file', () => {
  it('gives alerts with their times, and recording rules', () => {
    const { alerts, records } = readRules(rules, 'rules.yaml');
    expect(records.map(({ record: name, intervalSeconds }) => [name, intervalSeconds])).toEqual([
      ['job:errors:rate5m', 30],
    ]);
    expect(
      alerts.map(({ alert, forSeconds, intervalSeconds, labels }) => [alert, forSeconds, intervalSeconds, labels]),
    ).toEqual([
      ['ErrorsHigh', 5400, 30, { severity: 'page' }],
      ['Down', 0, 60, {}],
    ]);
  });

  it('may be an object of the operator', () => {
    const object = `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n${rules.replaceAll(/^/gm, '  ')}`;
    expect(readRules(object, 'rules.yaml')).toEqual(readRules(rules, 'rules.yaml'));
  });

  it.each([
    ['', 'rules.yaml: expected a list "groups" of rules'],
    ['groups: [', /rules\.yaml:1:\d+: /],
    ['groups: []', 'rules.yaml: expected a list "groups" of rules'],
    ['groups: [{name: a}]', 'rules.yaml: groups[0]: expected a list "rules"'],
    ['groups: [{name: a, rules: [x]}]', 'rules.yaml: groups[0].rules[0]: expected a rule with "alert" or "record"'],
    ['groups: [{name: a, rules: [{expr: up}]}]', 'rules.yaml: groups[0].rules[0]: expected "alert" or "record"'],
    ['groups: [{name: a, rules: [{alert: A}]}]', 'rules.yaml: groups[0].rules[0].expr: expected a text, got nothing'],
    [
      'groups: [{name: a, rules: [{alert: A, expr: up, for: soon}]}]',
      'rules.yaml: groups[0].rules[0].for: expected a duration such as 5m or 1h30m, got "soon"',
    ],
    ['groups: [{name: a, interval: 0, rules: []}]', 'rules.yaml: groups[0].interval: expected more than 0 s'],
    ['groups: [{name: a, rules: [{alert: A, expr: up, labels: [x]}]}]', /labels: expected names with texts/],
    [
      `a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]`,
      /alias/i,
    ],
  ])('%j is refused', (text, message) => {
    expect(() => readRules(text, 'rules.yaml')).toThrow(message);
  });
});

describe('recording rules', () => {
  it('come after those they need', () => {
    const steps = recordingSteps([record('c', 'b + 1'), record('a', 'up'), record('b', 'rate(a[5m])')]);
    expect(steps.map((step) => step.map(({ record: name }) => name))).toEqual([['a'], ['b'], ['c']]);
  });

  it('that need each other are refused', () => {
    expect(() => recordingSteps([record('a', 'b'), record('b', 'a')])).toThrow('need each other: a, b');
  });
});

it('names in texts and remarks are no metrics', () => {
  expect(namesIn(`up{job="kubelet"} # errors_total\n > on(x) 'y'`)).toEqual(['up', 'job', 'on', 'x']);
});
