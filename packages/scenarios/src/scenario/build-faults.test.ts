/** Faults in documents: what each kind does, that nothing is left of them, and what is refused. */
import { describe, expect, it } from 'vitest';
import { smallScenario, withoutTrigger } from '../../test/small-scenario.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';

type Faults = NonNullable<ScenarioDocument['faults']>;

const day: ScenarioDocument = {
  ...withoutTrigger(smallScenario({ nodes: 60 })),
  horizon: { start: '-2 min', end: '10 min' },
};
const withFaults = (faults: Faults, document = day): ScenarioDocument => ({ ...document, faults });
const run = (faults: Faults, document = day) => runScenario(withFaults(faults, document), { seed: 1 });

describe('faults in a document', () => {
  it('leave everything as it was while there are none', () => {
    expect(run([]).digest).toBe(runScenario(day, { seed: 1 }).digest);
  });

  it('refuse requests of a product for the minutes they last, and are the cause that is named', () => {
    const result = run([{ kind: 'balancer-refuses', at: '2 min', until: '4 min', products: ['api'] }]);
    // Minutes from -2 on.
    const shares = result.series.columns['userErrorShare.api']!.map((share) => Number(share.toFixed(3)));
    expect(shares.slice(0, 8)).toEqual([0, 0, 0, 0, 1, 1, 0, 0]);
    expect(result.kpis.byProduct['chat']).toMatchObject({ peakErrorShare: 0 });
    expect(result.causes.map(({ kind }) => kind)).toEqual(['users', 'fault']);
    expect(result.timeline.filter(({ kind }) => kind === 'fault').map(({ text }) => text)).toEqual([
      'the balancer refuses all requests to API',
      'over: the balancer refuses all requests to API',
    ]);
  });

  it('that make requests wait lose nobody who waits, and everybody where there is no old address', () => {
    const fault = { kind: 'names-unresolvable', at: '2 min', until: '4 min', lookupTimeout: '30 s' } as const;
    expect(run([{ ...fault, fallback: 'stale' }]).kpis).toMatchObject({ peakErrorShare: 0 });
    expect(run([fault]).kpis).toMatchObject({ peakErrorShare: 1 });
  });

  it('keep to their clusters', () => {
    const { kpis } = run([{ kind: 'balancer-refuses', at: '2 min', until: '4 min', clusters: ['large'], share: 0.5 }]);
    expect(kpis.byCluster['small']).toMatchObject({ peakErrorShare: 0 });
    expect(kpis.byCluster['large']!['peakErrorShare']).toBeCloseTo(0.5, 6);
  });

  it('crash API servers, which are back afterwards', () => {
    const result = run([{ kind: 'api-server-crash', at: '2 min', until: '5 min', clusters: ['large'], servers: 2 }]);
    const ready = result.series.columns['apiServersReady.large']!;
    expect([ready[2], ready[5], ready[6], ready.at(-1)]).toEqual([3, 1, 1, 3]);
    expect(new Set(result.series.columns['apiServersReady.small'])).toEqual(new Set([3]));
  });

  it('lose a failure zone, with the servers that stand there: all where there is one, a third where there are three', () => {
    const loss = { kind: 'zone-loss', at: '2 min', until: '5 min', clusters: ['large'] } as const;
    const readyIn = (zones: number | undefined, zone: number): number[] => {
      const clusters = day.clusters.map((one) => ({ ...one, apiServers: { ...one.apiServers, zones } }));
      const ready = run([{ ...loss, zone }], { ...day, clusters }).series.columns['apiServersReady.large']!;
      return [ready[2]!, ready[5]!, ready.at(-1)!];
    };
    expect(readyIn(undefined, 1)).toEqual([3, 0, 3]);
    expect(readyIn(3, 1)).toEqual([3, 2, 3]);
    // Nobody is there.
    expect(readyIn(2, 3)).toEqual([3, 3, 3]);
  });

  it('cut the API off, and give it back', () => {
    const result = run([{ kind: 'network-partition', at: '2 min', until: '5 min', clusters: ['large'] }]);
    const success = result.series.columns['apiSuccessShare.large']!;
    expect(success[6]).toBeLessThan(0.5);
    expect(success.at(-1)).toBeGreaterThan(0.99);
  });

  it('slow the disks of etcd down in a document with a profile: writes take longer, and nothing is lost', () => {
    const complete: ScenarioDocument = { ...day, kubernetes: { ...day.kubernetes, profile: '2024' } };
    const fault = { kind: 'etcd-slow-disk', at: '0 min', factor: 200 } as const;
    const slow = run([fault], complete);
    const usual = runScenario(complete, { seed: 1 });
    expect(slow.digest).not.toBe(usual.digest);
    expect(slow.kpis).toMatchObject({ clustersLost: 0 });
  });

  it('happen the same way twice', () => {
    const faults: Faults = [
      { kind: 'names-unresolvable', at: '1 min', until: '3 min', lookupTimeout: '10 s', share: 0.3 },
      { kind: 'api-server-crash', at: '2 min', until: '3 min' },
    ];
    expect(run(faults).digest).toBe(run(faults).digest);
  });

  it.each([
    [{ kind: 'balancer-refuses', at: '2 min', until: '1 min' }, 'faults[0].until: expected a time after "at"'],
    [{ kind: 'balancer-refuses', at: '2 min', clusters: ['larg'] }, 'got "larg"; did you mean "large"?'],
    [{ kind: 'balancer-refuses', at: '2 min', products: ['ap'] }, 'expected the id of a product (chat, api), got "ap"'],
    [{ kind: 'etcd-slow-disk', at: '2 min', factor: 3 }, 'expected a document with kubernetes.profile'],
    [{ kind: 'names-unresolvable', at: '2 min' }, 'lookupTimeout'],
  ] as const)('are refused when wrong: %j', (fault, message) => {
    expect(() => parseScenario(withFaults([fault as unknown as Faults[number]]), 'wrong')).toThrow(message);
  });
});

describe('agents that are there already, in a document', () => {
  const configured = (requests: ScenarioDocument['agent']['requests']): ScenarioDocument => {
    const small = smallScenario({ nodes: 60, end: '10 min' });
    return { ...small, agent: { ...small.agent, configuration: { delay: '1 s' }, requests } };
  };
  const writes = [{ kind: 'write', perChange: 4, tellsAgents: true }] as const;

  it('write so often each when the rollout reaches their cluster, and no pod is created', () => {
    const { conservation, kpis } = runScenario(configured(writes), { seed: 1 });
    const row = (book: string) => conservation.find((one) => one.book === book)!;
    expect([row('small/telemetry-agent').served, row('large/telemetry-agent').served]).toEqual([4 * 25, 4 * 60]);
    expect(row('large/daemon-set-controller').arrived).toBe(0);
    expect(kpis).toMatchObject({ clustersLost: 0 });
  });

  it('ask for nothing without the rollout', () => {
    const { conservation, causes } = runScenario(withoutTrigger(configured(writes)), { seed: 1 });
    expect(conservation.find(({ book }) => book === 'large/telemetry-agent')!.arrived).toBe(0);
    expect(causes).toEqual([]);
  });

  it.each([
    [{ requests: writes, configuration: undefined }, 'expected agent.configuration beside it'],
    [{ requests: [{ kind: 'watch', perChange: 2 }] }, 'expected none: a WATCH goes on by itself'],
    [{ requests: [{ kind: 'get', tellsAgents: true }] }, 'expected a write, got a get'],
    [{ requests: writes, collectors: 2 }, 'expected none beside agent.configuration'],
  ] as const)('are refused when wrong: %j', (agent, message) => {
    const document = configured(writes);
    const wrong = { ...document, agent: { ...document.agent, ...agent } } as unknown as ScenarioDocument;
    expect(() => parseScenario(wrong, 'wrong')).toThrow(message);
  });
});
