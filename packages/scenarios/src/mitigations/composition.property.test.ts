/** Mitigations on any document, in any company, in any order: the result is valid, and the difference says what changed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { incidents } from '../incidents/index.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { canonicalJson } from '../scenario/hash.ts';
import { applyMitigations, type ChosenMitigation, parseMitigationList } from '../scenario/mitigation.ts';
import { parseScenario } from '../scenario/parse.ts';
import { assumed, isSourced } from '../scenario/provenance.ts';
import { mitigations } from './index.ts';

/** Documents in which sections are absent, null, sourced, flagged or large. */
function documents(): readonly (readonly [string, ScenarioDocument])[] {
  const small = smallScenario();
  const { kubernetes, clusters, agent, operators } = small;
  const [one, two] = clusters as [(typeof clusters)[number], (typeof clusters)[number]];
  return [
    ['small', small],
    ...incidents.map((incident) => [incident.id, incident.document()] as const),
    ['a quiet day', { ...small, rollout: null, dns: { ...small.dns, registry: null } }],
    [
      'one cluster',
      {
        ...small,
        clusters: [{ ...one, nodes: assumed(2500, 'a guess') }],
        rollout: { waves: [{ clusters: ['small'] }] },
      },
    ],
    [
      'many clusters',
      {
        ...small,
        clusters: Array.from({ length: 49 }, (_, index) => ({ ...two, id: `c-${index}`, nodes: 2000 })),
        rollout: {
          waves: [
            { clusters: ['c-1', 'c-2'], at: '-1 min' },
            { clusters: ['c-3'], at: '10 min' },
          ],
          order: 'random',
        },
      },
    ],
    [
      'flags of an older release',
      {
        ...small,
        kubernetes: {
          ...kubernetes,
          profile: '2024',
          flags: {
            'kube-apiserver': {
              'max-requests-inflight': assumed(3000, 'a guess'),
              'feature-gates': { WatchList: true },
            },
          },
        },
      },
    ],
    [
      'everything in detail',
      {
        ...small,
        kubernetes: { ...kubernetes, profile: '2024' },
        dns: {
          ...small.dns,
          coreDns: { memoryLimit: assumed('170 MiB', 'the manifests') },
          lookups: { perNode: '10/s' },
          mechanisms: {
            relistMemory: true,
            notReadyEndpoints: true,
            podEviction: true,
            sharedNode: { freeCores: 2, agentCores: 1 },
          },
        },
        dataPlane: { startUp: { download: { bytes: '1 GB', bytesPerSecond: '1 GB', timeout: '1 min' } } },
        operators: {
          ...operators,
          playbook: {
            credential: 'admin',
            steps: [
              { action: 'steer-traffic', time: '10 min' },
              { action: 'roll-back', requests: 3, retry: { pause: assumed('1 min', 'a guess') } },
              { action: 'block-admin-api', time: '15 min' },
              { action: 'scale-api-servers-up', factor: 2, when: { succeeded: ['block-admin-api'] } },
              { action: 'unblock-admin-api', when: { succeeded: ['scale-api-servers-up'] } },
            ],
          },
        },
      },
    ],
    ['a managed control plane', { ...small, kubernetes: { ...kubernetes, profile: 'managed' } }],
    [
      'an agent of another kind',
      {
        ...small,
        agent: { ...agent, requests: [{ kind: 'list', period: '1 min' }, { kind: 'get' }], retry: { policy: 'none' } },
        operators: {
          ...operators,
          crew: 0,
          recovery: { ...operators.recovery!, scaleUp: null, scaleDown: null, blockAdminApi: null },
        },
      },
    ],
  ];
}

/** A factor applied twice is applied twice, which is what a factor means. */
const multiplying: readonly string[] = ['larger-api-servers'];

/** The changed places of a document, to a depth of two keys. */
function changedPlaces(before: unknown, after: unknown, depth = 2, path = ''): string[] {
  const [old, now] = [bare(before), bare(after)];
  if (canonicalJson(old ?? null) === canonicalJson(now ?? null)) return [];
  const isOpen = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (depth === 0 || !isOpen(old) || !isOpen(now)) return [path];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys.flatMap((key) => changedPlaces(old[key], now[key], depth - 1, path === '' ? key : `${path}.${key}`));
}

/** Without sources, at any depth. */
function bare(value: unknown): unknown {
  if (isSourced(value)) return bare(value.value);
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, bare(one)]])),
  );
}

describe.each(documents())('on %s', (_name, document) => {
  it('the document itself is valid', () => {
    expect(() => parseScenario(document, 'test')).not.toThrow();
  });

  it.each(mitigations.map(({ id }) => id))(
    '%s is valid, lists what it changes, and changes nothing the second time',
    (id) => {
      const [chosen] = parseMitigationList(id, mitigations) as [ChosenMitigation];
      const once = applyMitigations(document, [chosen]);
      expect(() => parseScenario(once.document, id)).not.toThrow();
      const lines = once.applied[0]!.difference;
      for (const place of changedPlaces(document, once.document)) {
        expect(
          lines.some((line) => line.startsWith(place)),
          `${place} in\n${lines.join('\n')}`,
        ).toBe(true);
      }
      if (changedPlaces(document, once.document).length === 0) expect(lines).toEqual([]);
      for (const line of lines) expect(line).toMatch(/^[a-zA-Z]+[^:]*: .+ -> .+$/);
      if (multiplying.includes(id)) return;
      expect(applyMitigations(once.document, [chosen]).applied[0]!.difference).toEqual([]);
    },
  );
});

it.each(mitigations.map(({ id }) => id))('%s changes at least one of these documents', (id) => {
  const changed = documents().filter(
    ([, document]) =>
      applyMitigations(document, parseMitigationList(id, mitigations)).applied[0]!.difference.length > 0,
  );
  expect(changed).not.toEqual([]);
});

describe('in company', () => {
  it('any of them, in any order, leave a valid document', () => {
    const all = documents();
    const lists = fc.shuffledSubarray(
      mitigations.map(({ id }) => id),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...all), lists, ([, document], ids) => {
        const { document: after } = applyMitigations(document, parseMitigationList(ids.join('+'), mitigations));
        parseScenario(after, ids.join('+'));
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
