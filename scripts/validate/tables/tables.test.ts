import { documentHash, incidents, incidentStudies, parseScenario } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { fullSize, planFor, type Studied } from '../incident-plan.ts';
import { byId } from '../results.ts';
import { plain, stepOf } from './variations.ts';

const studies = incidents.flatMap((incident): Studied[] => {
  const study = incidentStudies[incident.id];
  return study === undefined ? [] : [{ incident, study }];
});

describe.each(studies.map((studied) => [studied.incident.id, studied] as const))('the tables of %s', (_id, studied) => {
  const decisive = Object.keys(studied.study.priors).slice(0, 2);
  const plan = planFor(studied, { ...fullSize, decisive });
  const table = (id: string) => byId(plan, id)!;

  it('are made of valid documents', () => {
    for (const { id, variants } of plan) {
      for (const variant of variants) {
        for (const seed of [1, variant.replications]) parseScenario(variant.document(seed), `${id}/${variant.id}`);
      }
    }
  });

  it('begin with the incident itself, untouched', () => {
    const hash = documentHash(studied.incident.document());
    for (const id of ['bands', 'counterfactuals', 'mitigations']) {
      expect(documentHash(table(id).variants[0]!.document(1)), id).toBe(hash);
    }
  });

  it('differ from it in every other variant', () => {
    for (const id of ['counterfactuals', 'mitigations', 'recovery', 'one-at-a-time']) {
      const hashes = (byId(plan, id)?.variants ?? []).map((variant) => documentHash(variant.document(2)));
      expect(new Set(hashes).size, id).toBe(hashes.length);
    }
  });

  it('are the same when made again', () => {
    const again = planFor(studied, { ...fullSize, decisive });
    for (const { id, variants } of plan) {
      for (const variant of variants) {
        const other = byId(byId(again, id)!.variants, variant.id)!;
        expect(documentHash(other.document(1)), `${id}/${variant.id}`).toBe(documentHash(variant.document(1)));
      }
    }
  });

  it('have each draw under a document of its own', () => {
    const [draws] = byId(plan, 'draws')?.variants ?? [];
    if (draws === undefined) return;
    const hashes = Array.from({ length: 20 }, (_, i) => documentHash(draws.document(i + 1)));
    expect(new Set(hashes).size).toBe(20);
  });

  it('have the recovery actions singly, in pairs and together', () => {
    const kept = table('recovery').variants.map((variant) => {
      const steps = variant.document(1).operators.playbook?.steps ?? [];
      return Object.values(stepOf).filter((means) => steps.some(({ action }) => action === means)).length;
    });
    expect(kept).toEqual([3, 2, 2, 2, 1, 1, 1, 0]);
  });

  it('have clusters alone with as many nodes as they say', () => {
    for (const variant of table('threshold').variants) {
      const { clusters, rollout } = variant.document(1);
      expect(clusters).toHaveLength(1);
      expect(`n${plain(clusters[0]!.nodes)}`).toBe(variant.id.split('-')[0]);
      expect(rollout!.waves).toEqual([{ clusters: ['alone'], at: '0 min' }]);
    }
  });
});
