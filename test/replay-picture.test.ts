/** The picture of a run: labels stay apart, and every kind of run gives a whole, readable, repeatable drawing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietResult, sampleResult } from '../packages/scenarios/test/sample-result.ts';
import { drawReplay } from '../scripts/replay-picture/draw.ts';
import { type Flag, mastGap, placeFlags } from '../scripts/replay-picture/labels.ts';
import { pixels, staircase, wrap } from '../scripts/replay-picture/svg.ts';

const edge = 976;

/** Where the text of a placed flag begins and ends. */
function textOf({ x, width }: Flag, isLeft: boolean): readonly [from: number, to: number] {
  return isLeft ? [x - mastGap - width, x - mastGap] : [x + mastGap, x + mastGap + width];
}

/** Pairs of flags of which one's text meets the other's text, or the other's mast. */
function collisions(flags: readonly Flag[]): string[] {
  const placed = placeFlags(flags, edge);
  const found: string[] = [];
  flags.forEach((flag, one) => {
    const { row, isLeft } = placed[one]!;
    const [from, to] = textOf(flag, isLeft);
    if (to > edge) found.push(`${one} leaves the picture`);
    flags.forEach((other, two) => {
      if (one === two) return;
      const [otherFrom, otherTo] = textOf(other, placed[two]!.isLeft);
      if (row === placed[two]!.row && from < otherTo && otherFrom < to) found.push(`${one} meets ${two}`);
      if (row < placed[two]!.row && from < other.x && other.x < to) found.push(`the mast of ${two} crosses ${one}`);
    });
  });
  return found;
}

describe('labels', () => {
  it('need one row when they are far apart, and hang in the order of time when they are not', () => {
    const apart = [100, 400, 700].map((x) => ({ x, width: 200 }));
    expect(placeFlags(apart, edge).map(({ row }) => row)).toEqual([0, 0, 0]);
    const crowd = [100, 110, 120].map((x) => ({ x, width: 200 }));
    expect(placeFlags(crowd, edge).map(({ row }) => row)).toEqual([2, 1, 0]);
  });

  it('turn left at the right edge', () => {
    expect(placeFlags([{ x: 950, width: 100 }], edge)).toEqual([{ row: 0, isLeft: true }]);
  });

  it('never meet each other or the mast of another', () => {
    const flag = fc.record({ x: fc.integer({ min: 100, max: edge }), width: fc.integer({ min: 40, max: 400 }) });
    fc.assert(
      fc.property(fc.array(flag, { maxLength: 14 }), (flags) => {
        expect(collisions(flags.sort((a, b) => a.x - b.x))).toEqual([]);
      }),
      { seed: 20241211, numRuns: 500 },
    );
  });
});

describe('the writer', () => {
  it('rounds to a tenth of a pixel and knows no negative zero', () => {
    expect([1 / 3, -0.01, 20].map(pixels)).toEqual(['0.3', '0', '20']);
  });

  it('leaves out steps that nobody sees', () => {
    expect(staircase([0, 1, 2, 3, 4], [5, 5.01, 8, 8])).toBe('M0 5H2V8H4');
    expect(staircase([], [])).toBe('');
  });

  it('breaks lines between words, never within', () => {
    const lines = wrap('first second third', 50, 11);
    expect(lines).toEqual(['first', 'second', 'third']);
  });
});

/** Names of elements that are closed in the wrong place or not at all. */
function unbalanced(picture: string): string[] {
  const open: string[] = [];
  for (const [, closing, name = '', single] of picture.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop() !== name) return [name];
    } else if (single !== '/') open.push(name);
  }
  return open;
}

describe('the picture', () => {
  const results = {
    outage: sampleResult,
    quiet: quietResult,
    mitigated: {
      ...sampleResult,
      mitigations: [{ id: 'a', title: 'Larger <machines> & more', parameters: {}, difference: [] }],
    },
    unfinished: { ...sampleResult, kpis: { ...sampleResult.kpis, lastClusterRecovered: null } },
    empty: { ...quietResult, firstFailures: [], series: { ...quietResult.series, t: [], columns: {} } },
  };

  it.each(Object.entries(results))('of a run (%s) is whole, readable and the same every time', (_name, result) => {
    const picture = drawReplay(result);
    expect(unbalanced(picture)).toEqual([]);
    expect(picture).not.toMatch(/NaN|undefined|Infinity/);
    for (const [, size] of picture.matchAll(/font-size="([\d.]+)"/g)) expect(Number(size)).toBeGreaterThanOrEqual(11);
    expect(drawReplay(structuredClone(result))).toBe(picture);
  });

  it('names what was published, what was simulated and the worst of it', () => {
    const picture = drawReplay(sampleResult);
    for (const label of [
      'A sample outage',
      'seed 7 · brownout 0.1.0',
      '14:51 rollout begins<',
      '14:56 rollout begins with small and large',
      '15:13 first alert',
      '15:16 first user errors',
      '15:51 the lost cluster recovered',
      '73 % at worst',
    ]) {
      expect(picture).toContain(label);
    }
  });

  it('says how many facts come after the end of the run', () => {
    expect(drawReplay(sampleResult)).toContain('1 of 3 come after the end of this run');
  });

  it('says that nothing happened when nothing happened', () => {
    const calm = { ...quietResult.series, columns: { userErrorShare: quietResult.series.t.map(() => 0) } };
    const picture = drawReplay({ ...quietResult, series: calm });
    expect(picture).toContain('A quiet day');
    expect(picture).toContain('no user request fails');
    expect(picture).not.toContain('published facts');
  });

  it('says which mitigations were on, and escapes what documents say', () => {
    expect(drawReplay(results.mitigated)).toContain('With: Larger &lt;machines&gt; &amp; more.');
  });

  it('counts the clusters that did not recover', () => {
    const { byCluster } = sampleResult.kpis;
    const large = { ...byCluster['large'], lastClusterRecovered: null };
    const kpis = { ...sampleResult.kpis, firstClusterRecovered: null, lastClusterRecovered: null };
    const picture = drawReplay({ ...sampleResult, kpis: { ...kpis, byCluster: { ...byCluster, large } } });
    expect(picture).toContain('1 of 1 lost clusters not recovered');
  });
});
