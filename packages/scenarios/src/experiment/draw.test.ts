import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { incidents } from '../incidents/index.ts';
import { incidentStudies } from '../incidents/studies.ts';
import { parseScenario } from '../scenario/parse.ts';
import { assumed } from '../scenario/provenance.ts';
import { getPath } from '../scenario/path.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { amountOf, drawPriors, withPriors } from './draw.ts';
import type { Priors } from './prior.ts';

const priors: Priors = {
  crew: { value: 1, range: [1, 6], note: 'people at work' },
  headroom: { value: 0.3, range: [0.1, 0.5], note: 'room in other clusters' },
  ttl: { value: '10 min', range: ['5 min', '1 h'], note: 'life of a record' },
  memory: { value: '4.4 GiB', range: ['4 GiB', '8 GiB'], note: 'memory of a server' },
  paging: { value: '1 min', range: ['30 s', '3 min'], note: 'until somebody is there' },
};

function document(): ScenarioDocument {
  const small = smallScenario();
  const stated = <T extends string | number>(name: string, value: T) => assumed(value, priors[name]!.note);
  return {
    ...small,
    clusters: small.clusters.map((one) => ({
      ...one,
      apiServers: { ...one.apiServers, memory: stated('memory', '4.4 GiB') },
    })),
    dns: { registry: { ...small.dns.registry!, ttl: stated('ttl', '10 min') } },
    users: { ...small.users, headroom: stated('headroom', 0.3) },
    operators: {
      ...small.operators,
      crew: stated('crew', 1),
      paging: { distribution: 'lognormal', median: stated('paging', '1 min'), p90: '2 min' },
    },
  };
}

describe('draws from priors', () => {
  it('stay inside the ranges, in the form a document wants, and whole numbers reach both ends', () => {
    const draws = drawPriors(priors, 200, '7');
    for (const [name, { range }] of Object.entries(priors)) {
      const amounts = draws.map((values) => amountOf(values[name]!));
      const [low, high] = range.map(amountOf) as [number, number];
      expect(Math.min(...amounts), name).toBeGreaterThanOrEqual(low * 0.999);
      expect(Math.max(...amounts), name).toBeLessThanOrEqual(high * 1.001);
    }
    expect(new Set(draws.map((values) => values['crew']))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(draws[0]!['ttl']).toMatch(/^[\d.]+ s$/);
    expect(draws[0]!['memory']).toMatch(/^[\d.]+ MiB$/);
  });

  it('put half of the values below the geometric middle of a range', () => {
    const amounts = drawPriors(priors, 100, '7').map((values) => amountOf(values['ttl']!));
    const middle = Math.sqrt(amountOf('5 min') * amountOf('1 h'));
    // Give or take the one that is rounded across it.
    expect(Math.abs(amounts.filter((amount) => amount < middle).length - 50)).toBeLessThanOrEqual(1);
  });

  it('are the same with the same seed', () => {
    expect(drawPriors(priors, 10, '7')).toEqual(drawPriors(priors, 10, '7'));
    expect(drawPriors(priors, 10, '7')).not.toEqual(drawPriors(priors, 10, '8'));
  });

  it('refuse a range that does not grow', () => {
    const wrong = { crew: { value: 2, range: [3, 3], note: 'nobody' } } as const;
    expect(() => drawPriors(wrong, 2, '1')).toThrow(
      'prior "crew": expected a range that grows from above 0, got 3 to 3',
    );
  });
});

describe('a document with other values', () => {
  it('has them wherever it stated the prior, under the same note', () => {
    const changed = withPriors(document(), priors, { crew: 4, memory: '5 GiB', ttl: '1234 s' });
    expect(getPath(changed, 'operators.crew')).toEqual(assumed(4, 'people at work'));
    expect(getPath(changed, 'clusters[0].apiServers.memory.value')).toBe('5 GiB');
    expect(getPath(changed, 'clusters[1].apiServers.memory.value')).toBe('5 GiB');
    expect(getPath(changed, 'dns.registry.ttl.value')).toBe('1234 s');
    expect(getPath(changed, 'users.headroom')).toEqual(getPath(document(), 'users.headroom'));
  });

  it('keeps the shape of a log-normal time', () => {
    const changed = withPriors(document(), priors, { paging: '150 s' });
    expect(getPath(changed, 'operators.paging.p90')).toBe('300 s');
  });

  it('refuses a name that is no prior, and a prior that the document does not state', () => {
    expect(() => withPriors(document(), priors, { crews: 2 })).toThrow('"crews" is no prior; known: crew, headroom');
    expect(() => withPriors(smallScenario(), priors, { crew: 2 })).toThrow(
      'expected the document to state crew, 1, under its note',
    );
  });

  it('is valid for every draw from the priors of every incident, and the central values change nothing', () => {
    for (const [id, { priors: known }] of Object.entries(incidentStudies)) {
      const original = incidents.find((incident) => incident.id === id)!.document;
      const central = Object.fromEntries(Object.entries(known).map(([name, { value }]) => [name, value]));
      expect(withPriors(original(), known, central)).toEqual(original());
      for (const values of drawPriors(known, 40, '3')) parseScenario(withPriors(original(), known, values), 'a draw');
    }
  });
});
