import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/context.ts';
import { expandAssignments } from './assignments-file.ts';

it('a file stands for its assignments, in their place and order', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'some.txt'), '# why\r\na=1\r\n\r\n  b={"at": "10 s"}\n');
  expect(await expandAssignments(['x=0', '@some.txt', 'y=2'], folder)).toEqual([
    'x=0',
    'a=1',
    'b={"at": "10 s"}',
    'y=2',
  ]);
});

it.each([
  ['nothing=there', undefined, 'cannot read "file.txt": no such file'],
  ['prose', 'a=1\nsome prose\n', 'file.txt:2: expected path=value, such as clusters[0].nodes=5000'],
  ['a file in a file', '@other.txt', 'file.txt:1: expected path=value'],
  ['no assignment', '# nothing\n', 'file.txt: expected a path=value in some line, got none'],
])('%s is refused', async (_, text, message) => {
  const folder = temporaryFolder();
  if (text !== undefined) writeFileSync(join(folder, 'file.txt'), text);
  await expect(expandAssignments(['@file.txt'], folder)).rejects.toThrow(message);
});
