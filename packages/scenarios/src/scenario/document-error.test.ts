import { expect, it } from 'vitest';
import { DocumentError } from './document-error.ts';

it('puts place, path and message on one line each', () => {
  const error = new DocumentError('file.yaml', [
    { path: 'clusters[2].apiServers.memory', message: 'expected bytes', position: { line: 3, column: 8 } },
    { path: '', message: 'unknown key "node"', position: { line: 1, column: 1 } },
    { path: 'users', message: 'missing' },
    { path: '', message: 'the document is empty' },
  ]);
  expect(error.message).toBe(
    [
      'file.yaml:3:8 clusters[2].apiServers.memory: expected bytes',
      'file.yaml:1:1: unknown key "node"',
      'file.yaml: users: missing',
      'file.yaml: the document is empty',
    ].join('\n'),
  );
});

it('counts what it does not print', () => {
  const problems = Array.from({ length: 23 }, (_, index) => ({ path: `a[${index}]`, message: 'wrong' }));
  const lines = new DocumentError('x', problems).message.split('\n');
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('x: and 3 more problems');
});
