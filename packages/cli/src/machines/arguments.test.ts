import { expect, it } from 'vitest';
import { commandText, shownArguments, studyArguments } from './arguments.ts';

const typed = [
  'compare',
  'my file.yaml',
  '--shard',
  'auto/8',
  '--redis=redis://u:secret@h',
  '--out',
  'x',
  '--seed',
  '7',
  '--workers=3',
  '--resume',
];

it('arguments of a study say nothing of machines', () => {
  expect(studyArguments(typed)).toEqual(['compare', 'my file.yaml', '--seed', '7']);
  expect(studyArguments(['sweep', '--redis', '--seed', '7'])).toEqual(['sweep', '--seed', '7']);
  expect(studyArguments(['sweep', '--redis', 'redis://h', 'x.yaml'])).toEqual(['sweep', 'x.yaml']);
});

it('arguments are shown without passwords', () => {
  expect(shownArguments(['--redis', 'rediss://u:se@cret@h:1/2', typed[4]!])).toEqual([
    '--redis',
    'rediss://u:***@h:1/2',
    '--redis=redis://u:***@h',
  ]);
});

it('a command line can be typed again', () => {
  expect(commandText(['replay', "it's.yaml", '--set', 'clusters[0].nodes=5'])).toBe(
    "brownout replay 'it'\\''s.yaml' --set 'clusters[0].nodes=5'",
  );
});
