import { describe, expect, it } from 'vitest';
import { OptionError, readOptions } from './options.ts';
import { Progress, spanText } from './progress.ts';

describe('the arguments', () => {
  it('default to everything at full size', () => {
    expect(readOptions([])).toMatchObject({
      incidents: [],
      model: 'whole',
      tables: [],
      only: '',
      replications: 30,
      draws: 200,
      isWriting: false,
    });
  });

  it('are read, also behind the two dashes that package managers pass on', () => {
    const args = [
      '--',
      '--tables',
      'bands,draws',
      '--only',
      'cached',
      '--replications',
      '3',
      '--jobs',
      '2',
      '--write',
      '--model=smaller',
    ];
    expect(readOptions(args)).toMatchObject({
      tables: ['bands', 'draws'],
      only: 'cached',
      replications: 3,
      jobs: 2,
      model: 'smaller',
      isWriting: true,
    });
  });

  it('are refused when they are none or make no sense', () => {
    expect(() => readOptions(['--seeds', '3'])).toThrow(OptionError);
    expect(() => readOptions(['--model', 'tiny'])).toThrow('--model: expected whole or smaller, got "tiny"');
    expect(() => readOptions(['--replications', 'many'])).toThrow(
      '--replications: expected a whole number from 1 to 10000, got "many"',
    );
    expect(() => readOptions(['--jobs', '0'])).toThrow('--jobs: expected a whole number from 1 to 10000, got "0"');
  });
});

describe('progress', () => {
  it('says how much is left, by the pace so far and the number of threads', () => {
    const lines: string[] = [];
    let now = 0;
    const screen = { isTerminal: false, write: (text: string) => void lines.push(text) };
    const progress = new Progress(screen, { total: 5, threads: 2 }, () => now);
    progress.finished('a/x seed 1', 40);
    now = 10_000;
    progress.finished('a/y seed 1', 20);
    now = 40_000;
    progress.finished('a/x seed 2', 30);
    progress.finished('a/y seed 2', 30);
    progress.finished('a/x seed 3', 30);
    expect(lines).toEqual([
      '[1/5] a/x seed 1: 40.0 s; about 80 s left\n',
      '[3/5] a/x seed 2: 30.0 s; about 30 s left\n',
      '[5/5] a/x seed 3: 30.0 s; all done in 40 s\n',
    ]);
  });

  it('speaks of time as people do', () => {
    expect([12, 89, 90, 3_600, 7_500].map(spanText)).toEqual(['12 s', '89 s', '2 min', '1 h 0 min', '2 h 5 min']);
  });
});
