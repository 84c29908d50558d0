import { DocumentError } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { tinyDocument } from '../test/tiny-document.ts';
import { assignAll } from './assign-all.ts';

const document = await tinyDocument();
const assigned = (...set: readonly string[]) => assignAll(document, { set, trigger: true });
const disks = 'faults=[{"kind":"etcd-slow-disk","at":"1 min","until":"2 min","factor":5}]';
const profile = 'kubernetes.profile=2024';

describe('assignments', () => {
  it('that need each other may come in any order', () => {
    const [one, other] = [assigned(disks, profile), assigned(profile, disks)];
    expect(one.document).toEqual(other.document);
    expect(one.document).toMatchObject({ kubernetes: { profile: 2024 }, faults: [{ kind: 'etcd-slow-disk' }] });
    expect(one.changes).toHaveLength(2);
    const message = `assignment "${disks}": faults[0].kind: expected a document with kubernetes.profile`;
    expect(() => assigned(disks, 'agent.rateLimit.qps=5', 'agent.rateLimit.burst=5')).toThrow(message);
  });

  it.each([0, 1, 2, 3, 4])('are blamed for what they bring, wherever they stand (place %i)', (place) => {
    const good = ['clusters[0].nodes=4', 'clusters[1].nodes=5', disks, profile];
    const set = [...good.slice(0, place), 'agent.period=soon', ...good.slice(place)];
    expect(() => assigned(...set)).toThrow(/^assignment "agent\.period=soon": agent\.period: expected a duration /);
  });

  it('that are wrong at once are named one at a time, the first in the document', () => {
    const wrong = (): unknown => assigned('clusters[1].nodes=many', 'clusters[0].nodes=few', disks);
    expect(wrong).toThrow('assignment "clusters[0].nodes=few": clusters[0].nodes: expected a whole number');
    expect(wrong).toThrow(DocumentError);
  });

  it('of a key that is not there name the nearest one', () => {
    expect(() => assigned('kubernetes.profil=2024')).toThrow('did you mean "kubernetes.profile"?');
  });

  it('nobody asks for leave the document as it is', () => {
    expect(assigned()).toEqual({ document, changes: [] });
    expect(assignAll(document, { set: [], trigger: false }).changes).toEqual([expect.stringMatching(/^rollout: /)]);
    expect(assigned('clusters[0].nodes=3').changes).toEqual(['clusters[0].nodes=3 (as it was)']);
  });
});
