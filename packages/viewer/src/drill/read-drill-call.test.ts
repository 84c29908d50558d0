import { describe, expect, it } from 'vitest';
import { readDrillCall } from './read-drill-call.ts';

describe('a call from outside', () => {
  it('is read in each of its kinds, without what does not belong to it', () => {
    expect(readDrillCall('join', { code: 'a', seat: 'Alex', extra: 1 })).toEqual({
      kind: 'join',
      code: 'a',
      seat: 'Alex',
    });
    expect(readDrillCall('leave', { token: 't' })).toEqual({ kind: 'leave', token: 't' });
    expect(readDrillCall('enter', { token: 't', deed: { kind: 'line', line: 'help' } })).toEqual({
      kind: 'enter',
      token: 't',
      deed: { kind: 'line', line: 'help' },
    });
    expect(readDrillCall('push', { token: 't', button: 'b' })).toEqual({
      kind: 'push',
      token: 't',
      button: 'b',
      cluster: undefined,
    });
    expect(readDrillCall('facilitate', { token: 't', command: { kind: 'speed', speed: 30 } })).toMatchObject({
      command: { kind: 'speed', speed: 30 },
    });
  });

  it.each([
    ['quit', {}, 'got "quit"'],
    ['join', {}, 'code: expected a text, got none'],
    ['leave', {}, 'token: expected a text, got none'],
    ['join', [], 'the call: expected an object, got a list'],
    ['join', null, 'expected an object'],
    [
      'enter',
      { token: 't', deed: { kind: 'button', button: 'b' } },
      'expected the kind line, interrupt or acknowledge',
    ],
    ['enter', { token: 't', deed: { kind: 'line', line: 'x'.repeat(2001) } }, 'at most 2000 characters, got 2001'],
    ['enter', { token: 7, deed: { kind: 'interrupt' } }, 'token: expected a text, got number'],
    ['facilitate', { token: 't', command: { kind: 'speed', speed: 1e9 } }, 'expected 0.1 to 1000'],
    ['facilitate', { token: 't', command: { kind: 'speed', speed: Number.NaN } }, 'got NaN'],
    ['facilitate', { token: 't', command: { kind: 'fault', fault: 'all' } }, 'fault: expected an object'],
    ['facilitate', { token: 't', command: { kind: 'shutdown' } }, 'command: expected begin'],
  ])('of the kind %s that is not one is refused with words: %j', (kind, body, problem) => {
    expect(() => readDrillCall(kind, body)).toThrow(RangeError);
    expect(() => readDrillCall(kind, body)).toThrow(problem);
  });

  it('of whatever form is read or refused, and nothing else', () => {
    const odd = [
      undefined,
      null,
      true,
      0,
      '',
      [],
      [[]],
      {},
      { token: {} },
      { token: 't', deed: null },
      { token: 't', command: [] },
    ];
    for (const kind of ['join', 'enter', 'push', 'complete', 'facilitate', '__proto__', 'toString']) {
      for (const body of odd)
        expect(() => readDrillCall(kind, body), `${kind} ${JSON.stringify(body)}`).toThrow(RangeError);
    }
  });
});
