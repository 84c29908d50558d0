import { expect, it } from 'vitest';
import { createLoopBench } from '../testing/loop-bench.ts';
import { startUpStampede } from './start-up-stampede.ts';

/** A limit of 1000 bytes a minute, of which a share is thrown away by downloads that time out. */
function thrownAway(share: number) {
  const bench = createLoopBench(1, {});
  let bytes = 0;
  let timedOut = 0;
  bench.history.readDownloads = () => {
    bytes += 1_000;
    timedOut += share > 0 ? 5 : 0;
    return { bytes, timedOut, wastedBytes: bytes * share };
  };
  bench.run(4);
  return bench.find(startUpStampede);
}

it('has the share of the limit that is thrown away as its gain: 1 when nobody finishes', () => {
  expect(thrownAway(1).gain!.median).toBeCloseTo(1, 6);
  expect(thrownAway(0.4).gain!.median).toBeCloseTo(0.4, 6);
});

it('is not seen where every download is in time, nor where none are modelled', () => {
  expect(thrownAway(0).seen).toBe(false);
  const bench = createLoopBench(1, {});
  bench.run(2);
  expect(bench.find(startUpStampede)).toMatchObject({ seen: false, gain: null });
});
