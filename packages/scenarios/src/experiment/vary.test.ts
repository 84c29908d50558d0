import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { getPath } from '../scenario/path.ts';
import { scenarioJsonSchema } from '../scenario/parse.ts';
import { assignmentOf, documentAt, parseVary as parse, type Varied, roundedValue, writtenValue } from './vary.ts';

const document = smallScenario();
const schema = scenarioJsonSchema();

describe('what is varied', () => {
  it.each([
    ['clusters[large].nodes=100..300', { low: 100, high: 300, scale: 'linear', kind: 'whole' }, {}],
    ['clusters[large].nodes=100..300:3:log', { low: 100, high: 300, scale: 'log', kind: 'whole' }, { count: 3 }],
    [
      ' agent.period = 15s .. 120s : 5 ',
      { low: 15, high: 120, kind: 'time' },
      { count: 5, unit: { text: 's', worth: 1 } },
    ],
    ['agent.period=500 ms..2 min:log', { low: 0.5, high: 120, kind: 'time' }, { unit: { text: ' ms', worth: 0.001 } }],
    ['agent.period=1m30s..1h', { low: 90, high: 3600, kind: 'time' }, { unit: { text: ' s', worth: 1 } }],
    ['rollout.waves[0].at=-5min..5min', { low: -300, high: 300, kind: 'time' }, { unit: { text: 'min', worth: 60 } }],
    [
      'clusters[*].apiServers.memory=4 GiB..8192 MiB',
      { low: 2 ** 32, high: 2 ** 33, kind: 'bytes' },
      { unit: { text: ' GiB', worth: 2 ** 30 } },
    ],
    ['agent.periodJitter=0..1', { low: 0, high: 1, kind: 'number' }, {}],
    ['agent.periodJitter=5 %..15 %', { low: 5, high: 15, kind: 'number' }, { unit: { text: ' %', worth: 1 } }],
    ['users.products[chat].requests=100/s..900/s', { low: 100, high: 900 }, { unit: { text: '/s', worth: 1 } }],
  ])('%s is a range', (text, factor, rest) => {
    expect(parseVary(document, text)).toMatchObject({ factor, ...rest });
  });

  it.each([
    ['agent.period=15 s,1 min', ['15 s', '1 min']],
    ['agent.list.resourceVersion=unset,"0"', ['unset', '0']],
    ['clusters[large].nodes=[100, 200]', [100, 200]],
  ])('%s is a list', (text, values) => {
    const { path, factor } = parseVary(document, text);
    expect(factor).toEqual({ name: path, values });
  });

  it('is set as it was written, and stated in a way that can be typed again', () => {
    const period = parseVary(document, 'agent.period=500ms..2min');
    expect(writtenValue(period, 1.25)).toBe('1250ms');
    expect(assignmentOf(period, 1.25)).toBe('agent.period=1250ms');
    const version = parseVary(document, 'agent.list.resourceVersion=unset,"0"');
    expect([assignmentOf(version, '0'), assignmentOf(version, 'unset')]).toEqual([
      'agent.list.resourceVersion="0"',
      'agent.list.resourceVersion=unset',
    ]);
    const changed = documentAt(document, [period, version], [1.25, '0']);
    expect([getPath(changed, 'agent.period'), getPath(changed, 'agent.list.resourceVersion')]).toEqual(['1250ms', '0']);
    expect(getPath(document, 'agent.period')).toBe('15 s');
  });

  it('is rounded to what six digits can say, but not at the ends', () => {
    const period = parseVary(document, 'agent.period=15.123456s..120s');
    expect([15.123456, 33.333333333333336, 120].map((value) => roundedValue(period, value))).toEqual([
      15.123456, 33.3333, 120,
    ]);
    expect(roundedValue(parseVary(document, 'clusters[large].nodes=1..19999'), 1235)).toBe(1235);
  });

  it.each([
    ['agent.perid=1s..2s', 'unknown path "agent.perid"; did you mean "agent.period"?'],
    ['agent.period=1..5', 'agent.period: expected a duration with a unit such as "1 s", got 1'],
    ['agent.period=1s..5', 'vary "agent.period=1s..5": expected two ends of one unit, got "1s" and "5"'],
    ['agent.period=5s..1s', 'expected a range that grows, got "5s" to "1s"'],
    ['agent.period=0s..1s:log', 'a log scale needs a range above 0, got "0s"'],
    ['agent.period=1s..9s:1', 'expected a number of values from 2 up, "log" or "linear" after ":", got "1"'],
    ['agent.period=1s..9s:lgo', 'after ":", got "lgo"'],
    ['agent.period=x..y', 'expected a number with or without a unit at each end, got "x"'],
    ['agent.period=5s', 'expected a range a..b or a list of at least two values, got "5s"'],
    ['agent.period=5s,,6s', 'expected single values between the commas of a list'],
    ['agent.period=5s,5s', 'expected a list without repetition, got "5s,5s"'],
    ['agent.period', 'expected a path and a range or list, such as clusters[0].nodes=1000..5000:5'],
    ['agent.list.resourceVersion=unset,newest', 'expected "0" or "unset", got "newest"'],
    ['clusters[lrge].nodes=1..5', 'did you mean "large"?'],
  ])('%s is refused', (text, message) => {
    expect(() => parseVary(document, text)).toThrow(
      expect.objectContaining({ name: 'DocumentError', message: expect.stringContaining(message) as string }),
    );
  });
});

function parseVary(one: typeof document, text: string): Varied {
  return parse(one, text, schema);
}
