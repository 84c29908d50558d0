import { expect, it } from 'vitest';
import { DocumentError } from './document-error.ts';
import { loadDocument } from './load.ts';

const yaml = `# a comment
id: small
clusters:
  - id: a
    nodes: 5
  - id: b
    apiServers: { memory: 64 }
`;

it('reads YAML and JSON to the same frozen data', async () => {
  const fromYaml = await loadDocument(yaml, 'small.yaml');
  const fromJson = await loadDocument(JSON.stringify(fromYaml.data), 'small.json');
  expect(fromJson.data).toEqual(fromYaml.data);
  const { clusters } = fromYaml.data as { readonly clusters: readonly object[] };
  expect(Object.isFrozen(fromYaml.data) && Object.isFrozen(clusters) && Object.isFrozen(clusters[0])).toBe(true);
});

it('finds values, keys and the nearest parent in the text', async () => {
  const { locate } = await loadDocument(yaml, 'small.yaml');
  expect(locate(['clusters', 0, 'nodes'])).toEqual({ line: 5, column: 12 });
  expect(locate(['clusters', 1, 'apiServers', 'memory'], 'key')).toEqual({ line: 7, column: 19 });
  expect(locate(['clusters', 1, 'apiServers', 'memory'])).toEqual({ line: 7, column: 27 });
  expect(locate(['clusters', 0, 'absent', 'deeper'])).toEqual({ line: 4, column: 5 });
  expect(locate([])).toEqual({ line: 2, column: 1 });
});

it('finds positions in JSON too', async () => {
  const { locate } = await loadDocument('{\n  "a": {\n    "b": 1\n  }\n}', 'x.json');
  expect(locate(['a', 'b'])).toEqual({ line: 3, column: 10 });
});

it('follows a modest number of aliases', async () => {
  const { data } = await loadDocument('a: &a { x: 1 }\nb: *a\n', 'x.yaml');
  expect(data).toEqual({ a: { x: 1 }, b: { x: 1 } });
});

it('reads nothing but data: dates, binary and language tags stay texts or are refused', async () => {
  expect((await loadDocument('a: 2024-12-11', 'x.yaml')).data).toEqual({ a: '2024-12-11' });
  await expect(loadDocument('a: !!js/function "x"', 'x.yaml')).rejects.toThrow(DocumentError);
});
