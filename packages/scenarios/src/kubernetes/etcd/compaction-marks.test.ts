import { expect, it } from 'vitest';
import { CompactionMarks } from './compaction-marks.ts';

it('a revision lives until the second turn after it, and the latest for ever', () => {
  const marks = new CompactionMarks();
  marks.turn(100);
  expect(marks.isCompacted(1)).toBe(false);
  marks.turn(200);
  expect([99, 100, 101, 200].map((revision) => marks.isCompacted(revision))).toEqual([true, false, false, false]);
  // Nothing is written any more: what is newest stays, turn after turn.
  for (let turn = 0; turn < 3; turn++) marks.turn(200);
  expect([199, 200].map((revision) => marks.isCompacted(revision))).toEqual([true, false]);
});
