/** What the guide on scenario documents promises, tried on its own example. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  completeDocument,
  DocumentError,
  loadDocument,
  parseScenario,
  scenarioJsonSchema,
  scenarioTemplates,
  setPath,
} from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';

const guides = new URL('../../../docs/guides/', import.meta.url);
const guide = readFileSync(new URL('scenario-documents.md', guides), 'utf8');
const example = readFileSync(fileURLToPath(new URL('two-clusters.yaml', guides)), 'utf8');

const rows = [
  ...guide.matchAll(/^\| `([^`: ]+): ([^`]+)` \| (expected .*|formula .*|distribution: .*|source: .*) \|$/gm),
];

/** Examples of the section `kubernetes` in the guide. */
const kubernetesExamples = [...guide.matchAll(/^```yaml\n(kubernetes:\n[^`]+)```$/gm)].map(([, text = '']) => text);

it('the examples of profiles, flags and flow control are valid', async () => {
  expect(kubernetesExamples).toHaveLength(2);
  const { data } = await loadDocument(example, 'two-clusters.yaml');
  for (const text of kubernetesExamples) {
    const { data: section } = await loadDocument(text, 'section.yaml');
    const document = completeDocument({ ...(data as object), ...(section as object) });
    expect(() => parseScenario(document, 'x')).not.toThrow();
  }
});

it('the examples of rollouts, alerts and playbooks are valid', async () => {
  const examples = [...guide.matchAll(/^```yaml\n((?:rollout|operators):\n[^`]+)```$/gm)].map(([, text = '']) => text);
  expect(examples).toHaveLength(5);
  const { data } = await loadDocument(example, 'two-clusters.yaml');
  const base = data as { readonly kubernetes?: object; readonly operators: object };
  for (const text of examples) {
    const { data: section } = await loadDocument(text, 'section.yaml');
    const { rollout, operators } = section as { readonly rollout?: object; readonly operators?: object };
    const document = completeDocument({
      ...base,
      kubernetes: { ...base.kubernetes, profile: '1.31' },
      ...(rollout === undefined ? {} : { rollout }),
      operators: { ...base.operators, ...operators },
    });
    expect(() => parseScenario(document, 'x')).not.toThrow();
  }
});

it('the ten lines of the guide are those of the file beside it, and a valid document', async () => {
  const file = readFileSync(fileURLToPath(new URL('my-cluster.yaml', guides)), 'utf8');
  const [, printed = ''] = /^```yaml\n(template: [^`]+)```$/m.exec(guide) ?? [];
  expect(file.replace(/^#.*\n/, '')).toBe(printed);
  const { data } = await loadDocument(file, 'my-cluster.yaml');
  expect(parseScenario(completeDocument(data, scenarioTemplates), 'x').clusters.map(({ id }) => id)).toEqual([
    'staging',
    'prod',
  ]);
});

it('the table of answers is read in full', () => {
  expect(rows).toHaveLength(16);
});

describe('each wrong value is answered as the guide says', () => {
  it.each(rows.map(([, path = '', value = '', answer = '']) => [path, value, answer] as const))(
    '%s: %s',
    async (path, value, answer) => {
      const { data } = await loadDocument(example, 'two-clusters.yaml');
      const { document } = setPath(completeDocument(data) as object, `${path}=${value}`, scenarioJsonSchema());
      expect(() => parseScenario(document, 'x')).toThrow(new DocumentError('x', [{ path, message: answer }]));
    },
  );
});

it('the example of a data plane is valid', async () => {
  const [, text = ''] = /^```yaml\n(dataPlane:\n[^`]+)```$/m.exec(guide) ?? [];
  const { data } = await loadDocument(example, 'two-clusters.yaml');
  const { data: section } = await loadDocument(text, 'section.yaml');
  const document = completeDocument({ ...(data as object), ...(section as object) });
  expect(parseScenario(document, 'x').dataPlane?.startUp.download?.concurrent).toBe(100);
});
