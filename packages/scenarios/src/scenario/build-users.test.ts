/** From documents to data planes, and one outage on services from its causes to its sampled requests. */
import { forever, minutes, ms, plus, seconds, Simulation, timeZero, Trace } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario, withoutTrigger } from '../../test/small-scenario.ts';
import { FaultedUsers } from '../data-plane/faulted-users.ts';
import { PlainUsers } from '../data-plane/plain-users.ts';
import { ServiceUsers } from '../data-plane/service-users.ts';
import { buildWorld } from './build.ts';
import { dataPlaneOptions } from './build-users.ts';
import type { ScenarioDocument } from './document.ts';
import { Observation } from './observe.ts';
import { parseScenario } from './parse.ts';
import { runScenario } from './run.ts';

/** The small outage on services whose connections live 2 minutes. */
function onServices(changes: ScenarioDocument['dataPlane'] = {}): ScenarioDocument {
  const pools = { lifetime: { distribution: 'exponential', mean: '2 min' } } as const;
  return { ...smallScenario(), dataPlane: { callGraph: { retries: 0 }, pools, samplesPerSecond: 2, ...changes } };
}

describe('a document', () => {
  it('without the section gets the plain data plane', () => {
    const simulation = new Simulation({ seed: 1 });
    const world = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), parseScenario(smallScenario(), 'x'));
    expect(world.users).toBeInstanceOf(PlainUsers);
  });

  it('with an empty section gets services with the defaults', () => {
    const scenario = parseScenario({ ...smallScenario(), dataPlane: {} }, 'x');
    const options = dataPlaneOptions(scenario, scenario.dataPlane!);
    expect(options).toMatchObject({
      callGraph: { fanOut: 2, popularity: 1, retries: 1, callTime: ms(5) },
      pools: { connections: 1, connectTimeout: seconds(1) },
      resolver: { timeout: seconds(5), attempts: 2, backoff: { first: seconds(1), longest: seconds(30) }, cacheTtl: 0 },
      churn: { deploymentsPerDay: 0, lossesPerDay: 0, crashesPerDay: 0 },
      startUp: { exitAfter: forever, crashBackoff: { first: seconds(10), longest: minutes(5) } },
      samplesPerSecond: 0.2,
      steeringTime: 0,
    });
    expect(options.pools.lifetime.mean()).toBe(minutes(10));
    expect(options.startUp.download).toBeUndefined();
    expect(options.replicas).toBeUndefined();
  });

  it('may say what a start downloads, and one instance gets as much as all unless it says otherwise', () => {
    const download = { bytes: '10 GB', bytesPerSecond: '50 GB', timeout: '10 min' } as const;
    const parse = (dataPlane: ScenarioDocument['dataPlane']) => {
      const scenario = parseScenario({ ...smallScenario(), dataPlane }, 'x');
      return dataPlaneOptions(scenario, scenario.dataPlane!).startUp.download;
    };
    expect(parse({ startUp: { download } })).toEqual({
      bytes: 10e9,
      bytesPerSecond: 50e9,
      bytesPerSecondEach: 50e9,
      timeout: minutes(10),
      concurrent: Infinity,
      warmShare: 0.1,
    });
    expect(parse({ startUp: { download: { ...download, concurrent: 40, bytesPerSecondEach: '1 GB' } } })).toMatchObject(
      {
        concurrent: 40,
        bytesPerSecondEach: 1e9,
      },
    );
  });

  it('with a mistake in it is refused in words', () => {
    const parse = (dataPlane: unknown) => () => parseScenario({ ...smallScenario(), dataPlane } as never, 'x');
    expect(parse({ pool: {} })).toThrow('unknown key "pool"; did you mean "pools"?');
    expect(parse({ pools: { lifetime: 600 } })).toThrow(
      'expected a duration such as "5 min" or a distribution, got 600',
    );
    expect(parse({ startUp: { download: { bytes: '1 GB' } } })).toThrow('dataPlane.startUp.download.bytesPerSecond');
  });
});

describe('the small outage on services', () => {
  const simulation = new Simulation({ seed: 1 });
  const world = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), parseScenario(onServices(), 'x'));
  const users = world.users as ServiceUsers;
  const plain = runScenario(smallScenario());
  simulation.runUntil(plus(timeZero, minutes(62)));

  it('reaches the users of the large cluster alone, and its first failed sample names an edge', () => {
    expect(users).toBeInstanceOf(ServiceUsers);
    const failed = (site: number): number => users.failures[site * 2]! + users.failures[site * 2 + 1]!;
    expect(failed(0)).toBe(0);
    expect(failed(1)).toBeGreaterThan(0);
    const note = world.chronicle.notes[world.firstUserFailure()]!;
    expect(note.text).toMatch(/^a request to (Chat|API) fails: instance \d+ of service \d+ on node \d+ cannot resolve/);
    expect(note.cluster).toBe('large');
    expect(world.chronicle.chain(world.firstUserFailure()).map(({ kind }) => kind)).toContain('dns');
  });

  it('asks for as much as on the plain data plane, and fails less of it: connections outlive records', () => {
    const asked = users.requests.reduce((sum, count) => sum + count, 0);
    expect(asked).toBeCloseTo(900 * 62 * 60, -2);
    const failedShare = users.failures.reduce((sum, count) => sum + count, 0) / asked;
    expect(failedShare).toBeGreaterThan(0);
    expect(failedShare).toBeLessThan(plain.kpis['usersAffectedShare'] as number);
    users.checkBooks();
  });

  it('samples agree with rates in what they fail', () => {
    let [sampled, failed] = [0, 0];
    for (const dataPlane of users.dataPlanes) {
      for (const product of [0, 1]) {
        const counts = dataPlane!.sampled.counts(product);
        sampled += counts.served + counts.failed;
        failed += counts.failed;
      }
    }
    // Both products are sampled alike whatever their traffic, so they are weighed alike here.
    const shares = [0, 1].map((product) => {
      const asked = users.requests[product]! + users.requests[2 + product]!;
      return (users.failures[product]! + users.failures[2 + product]!) / asked;
    });
    const expected = (shares[0]! + shares[1]!) / 2;
    expect(Math.abs(failed / sampled - expected)).toBeLessThan(3.3 * Math.sqrt((expected * (1 - expected)) / sampled));
  });
});

it('without its trigger the day on services is quiet, churn and starts included', () => {
  const download = { bytes: '100 MB', bytesPerSecond: '1 GB', timeout: '2 min' } as const;
  const changes = {
    churn: { deploymentsPerDay: 1, lossesPerDay: 0.1, crashesPerDay: 0.5 },
    startUp: { exitAfter: '2 min', download },
  } as const;
  const result = runScenario(withoutTrigger(onServices(changes)));
  expect(result.kpis['outageSeconds']).toBe(0);
  expect(result.kpis['usersAffectedShare']).toBeLessThan(1e-4);
  expect(result.kpis['clustersLost']).toBe(0);
});

it('the same seed gives the same digest', () => {
  const document = { ...onServices(), clusters: smallScenario().clusters.slice(1), rollout: null };
  const digest = (seed: number): string => runScenario(document, { seed, untilSeconds: 300 }).digest;
  expect(digest(1)).toBe(digest(1));
  expect(digest(1)).not.toBe(digest(2));
});

it('downloads of starting instances can be read behind faults as well as without them', () => {
  const download = { bytes: '100 MB', bytesPerSecond: '1 GB', timeout: '2 min' } as const;
  const document = onServices({ startUp: { download } });
  const fault = { kind: 'balancer-refuses', at: '2 min', until: '4 min', products: ['api'] } as const;
  for (const faults of [[], [fault]]) {
    const simulation = new Simulation({ seed: 1 });
    const scenario = parseScenario({ ...document, faults }, 'x');
    const world = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), scenario);
    expect(world.users instanceof FaultedUsers).toBe(faults.length > 0);
    const { loopHistories } = new Observation(simulation, world);
    expect(loopHistories.map(({ readDownloads }) => readDownloads?.().timedOut)).toEqual([0, 0]);
  }
});

it('an instance that crashes on an ordinary day is no name that failed, though a rollout has just come', () => {
  const churn = { deploymentsPerDay: 0, lossesPerDay: 0, crashesPerDay: 500 };
  const document = onServices({ churn });
  const texts = [1, 2, 3, 4, 5, 6].map((seed) => {
    const { causes } = runScenario({ ...document, horizon: { start: '-2 min', end: '2 min' } }, { seed });
    expect(causes.map(({ kind }) => kind)).toEqual(['users', 'lost']);
    return causes[1]!.text;
  });
  // A request was on its way to the instance, or a caller dialled in the second until it was started again.
  const [gone, dialled] = [
    'an instance had gone and was still listed',
    'the addresses that it was given were out of date',
  ];
  for (const text of texts) expect(text.includes(gone!) || text.includes(dialled!), text).toBe(true);
  expect(texts.some((text) => text.includes(gone!))).toBe(true);
});
