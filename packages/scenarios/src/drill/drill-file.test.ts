/** Files of sessions come from anywhere: each that is not one is refused with a message, quickly, and before anything runs. */
import { describe, expect, it } from 'vitest';
import { DocumentError } from '../scenario/document-error.ts';
import {
  drillFile,
  type DrillFile,
  longestDrillFile,
  readDrillFile,
  readDrillText,
  replayDrill,
} from './drill-file.ts';
import { DrillSession } from './drill-session.ts';
import { mostEntries } from './drill-log.ts';
import { smallDrill } from './testing/small-drill.ts';

const session = new DrillSession(smallDrill());
session.advanceTo(20);
session.enter('alice', 'kubectl --context small get nodes');
session.advanceTo(30.25);
session.facilitate({ kind: 'fault', fault: { kind: 'network-partition', clusters: ['small'] } });
// A ticket that has nothing to do with it.
session.acknowledge('alice', 'A1');
session.enter('alice', 'say it is <b>bad</b>');
session.advanceTo(60);
const file = drillFile(session);
const text = JSON.stringify(file);

const changed = (change: (file: Record<string, unknown>) => void): unknown => {
  const copy = JSON.parse(text) as Record<string, unknown>;
  change(copy);
  return copy;
};
const messageOf = (data: unknown): string => {
  try {
    readDrillFile(data, 'x.json');
    return 'accepted';
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.message;
  }
};
const setupOf = (one: Record<string, unknown>): Record<string, unknown> => one['setup'] as Record<string, unknown>;
const entryOf = (one: Record<string, unknown>, index: number): Record<string, unknown> =>
  (one['log'] as Record<string, unknown>[])[index]!;

it('a file that was written is read again, and played comes to the same digest', () => {
  const read = readDrillText(text, 'x.json');
  expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(text));
  expect(file.log.map(({ kind }) => kind)).toEqual(['line', 'fault', 'acknowledge', 'line']);
  expect(replayDrill(read)!.isSame).toBe(true);
});

it('a file whose entries were changed does not come to its digest', () => {
  const other = changed((one) => (entryOf(one, 0)['line'] = 'lb steer small away'));
  expect(replayDrill(readDrillFile(other, 'x.json'))!.isSame).toBe(false);
});

it('whatever people type, the file of it can be read', () => {
  const other = new DrillSession(smallDrill());
  other.enter('alice', `say ${'x'.repeat(2000)}`);
  other.facilitate({ kind: 'note', text: 'y'.repeat(2000) });
  expect(other.push('alice', 'block', 'z'.repeat(2000)).isAccepted).toBe(false);
  expect(() => other.facilitate({ kind: 'hint', to: 'eve' })).toThrow(/got "eve"/);
  expect(readDrillText(JSON.stringify(drillFile(other)), 'x.json').log.map(({ kind }) => kind)).toEqual([
    'line',
    'note',
  ]);
});

describe('refused is', () => {
  it.each<[string, unknown, string | RegExp]>([
    ['nothing', null, /expected keys and values, got null/],
    ['a list', [], /expected keys and values/],
    ['another format', changed((one) => (one['schema'] = 'brownout/drill@2')), /schema: expected "brownout\/drill@1"/],
    ['an unknown key', changed((one) => (one['script'] = 'x')), /unknown key "script"/],
    ['a file without a log', changed((one) => delete one['log']), 'x.json: log: expected a list, got nothing'],
    [
      'a log without end',
      changed((one) => (one['log'] = Array(mostEntries + 1).fill({}))),
      /log: expected at most 5000 entries, got 5001/,
    ],
    ['an entry of no kind', changed((one) => (entryOf(one, 0)['kind'] = 'run')), /kind/],
    ['a line without end', changed((one) => (entryOf(one, 0)['line'] = 'x'.repeat(501))), /line/],
    [
      'an entry before its predecessor',
      changed((one) => (entryOf(one, 1)['t'] = 19)),
      'x.json: log[1].t: expected a time from 20 to 2400 s, got 19',
    ],
    ['an entry after the end', changed((one) => (entryOf(one, 2)['t'] = 1e6)), /log\[2\]\.t/],
    ['an entry at no time', changed((one) => (entryOf(one, 2)['t'] = null)), /t/],
    [
      'an entry of a stranger',
      changed((one) => (entryOf(one, 0)['by'] = 'eve')),
      'x.json: log[0].by: expected alice, facilitator, got "eve"',
    ],
    [
      'a crowd',
      changed((one) => (setupOf(one)['trainees'] = Array(13).fill({ name: 'a', roles: ['platform'] }))),
      /trainees/,
    ],
    ['a document that is none', changed((one) => (setupOf(one)['document'] = { id: 'x' })), /setup\.document/],
    [
      'a document that reaches for a prototype',
      JSON.parse(text.replace('"version"', '"__proto__":{"x":1},"version"')),
      /__proto__/,
    ],
    [
      'a document that never ends',
      changed(
        (one) => ((setupOf(one)['document'] as Record<string, unknown>)['horizon'] = { start: '0 s', end: 'never' }),
      ),
      /horizon/,
    ],
  ])('%s', (_, data, message) => {
    expect(messageOf(data)).toMatch(message);
  });

  it('text that is too long or no JSON', () => {
    expect(() => readDrillText(' '.repeat(longestDrillFile + 1), 'x.json')).toThrow(
      /expected at most 4000000 characters/,
    );
    expect(() => readDrillText('{"schema":', 'x.json')).toThrow(/malformed JSON/);
  });

  it('a fault that makes no sense, when it is played', () => {
    const bad = changed(
      (one) => (entryOf(one, 1)['fault'] = { kind: 'network-partition', clusters: ['nowhere'] }),
    ) as DrillFile;
    expect(() => replayDrill(readDrillFile(bad, 'x.json'))).toThrow(RangeError);
  });
});
