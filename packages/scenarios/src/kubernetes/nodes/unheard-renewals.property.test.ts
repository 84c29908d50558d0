/**
 * Renewals that nobody hears, worked through without events, beside the same cluster attempt by attempt: whatever happens to
 * the API servers, everybody's books say the same after every step.
 */
import { type Duration, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cluster } from '../cluster.ts';
import { advance, clusterOptions, flatCosts } from '../testing/bench.ts';
import { type LeaseAggregateOptions, usualLeaseAggregate } from './lease-aggregate-options.ts';

const NODES = 40;
/** Windows that nothing satisfies: no renewal that somebody hears is batched. */
const never: LeaseAggregateOptions = { ...usualLeaseAggregate, calmLatency: 1 as Duration };

/** What happens to the cluster, and for how many seconds it is left alone then. */
interface Step {
  readonly what: 'kill all' | 'kill one' | 'lose' | 'return' | 'block' | 'unblock' | 'throttle' | 'pin' | 'remove';
  readonly which: number;
  readonly rest: number;
}

/** Mostly what leaves nobody to hear. */
const whats: readonly Step['what'][] = [
  'kill all',
  'kill all',
  'kill all',
  'kill one',
  'lose',
  'return',
  'block',
  'unblock',
  'throttle',
  'pin',
  'remove',
];
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...whats),
  which: fc.nat(NODES - 1),
  rest: fc.integer({ min: 0, max: 90 }),
});

function createCluster(simulation: Simulation, aggregate: LeaseAggregateOptions | undefined): Cluster {
  const options = clusterOptions('test', {
    nodes: NODES,
    apiServers: 3,
    cores: 2,
    costs: flatCosts({ 'lease-update': { cpuMs: 2, etcdMs: 0.5 } }),
    agent: { period: seconds(20), startDelay: { sample: () => seconds(1) } },
  });
  const nothing = (): void => {};
  return new Cluster(
    simulation,
    { ...options, kubelet: { ...options.kubelet, ...(aggregate === undefined ? {} : { aggregateLeases: aggregate }) } },
    {
      apiServerDied: nothing,
      apiServerReady: nothing,
      etcdMemberKilled: nothing,
      etcdMemberBack: nothing,
      nameFailed: nothing,
    },
  );
}

function take({ controlPlane, kubelets }: Cluster, { what, which }: Step): void {
  const { servers, door } = controlPlane;
  const server = servers[which % servers.length]!;
  if (what === 'kill all') for (const one of servers) one.kill('memory');
  if (what === 'kill one') server.kill('memory');
  if (what === 'lose') server.loseMachine();
  if (what === 'return') for (const one of servers) one.returnMachine();
  if (what === 'block') controlPlane.block(which % 2 === 0 ? 'nobody' : 'system');
  if (what === 'unblock') controlPlane.unblock();
  if (what === 'throttle') {
    const leases = controlPlane.groups.filter(({ name }) => name === 'kubelet-lease');
    door.throttle(leases, which % 2 === 0 ? which : Infinity);
  }
  if (what === 'pin') {
    for (const group of controlPlane.groups) if (group.name === 'kubelet-lease') group.pinnedServer = (which % 4) - 1;
  }
  if (what === 'remove') kubelets.remove(which);
}

/** Everything that the two could disagree about. */
function books({ controlPlane, kubelets }: Cluster): unknown {
  controlPlane.checkBooks();
  return {
    groups: controlPlane.settledGroups().map(({ name, sent, firstAttempts, ended, server, life }) => {
      return { name, sent, firstAttempts, ended: [...ended], server: [...server], life: [...life] };
    }),
    renewedAt: [...kubelets.renewedAt],
    notReady: kubelets.countNotReady(),
    lives: controlPlane.servers.map(({ life }) => life),
  };
}

it('is the same to the last attempt, whatever happens to the API servers', () => {
  let unheard = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const [one, other] = [undefined, never].map((aggregate) => {
        const simulation = new Simulation({ seed: 5 });
        return { simulation, cluster: createCluster(simulation, aggregate) };
      }) as [Run, Run];
      for (const { simulation } of [one, other]) advance(simulation, seconds(25));
      for (const each of steps) {
        for (const { simulation, cluster } of [one, other]) {
          take(cluster, each);
          advance(simulation, seconds(each.rest));
        }
        const { controlPlane } = other.cluster;
        unheard += controlPlane.groups.reduce((sum, _, group) => sum + controlPlane.outlook.waiting(group), 0);
        expect(books(other.cluster)).toEqual(books(one.cluster));
      }
    }),
    { numRuns: 60, seed: 55 },
  );
  // Or nothing was compared.
  expect(unheard).toBeGreaterThan(200);
});

interface Run {
  readonly simulation: Simulation;
  readonly cluster: Cluster;
}

it('an outage costs no event for each attempt, and counts them all the same', () => {
  const simulation = new Simulation({ seed: 5 });
  const { controlPlane } = createCluster(simulation, never);
  advance(simulation, seconds(25));
  for (const server of controlPlane.servers) server.loseMachine();
  advance(simulation, seconds(120));
  let taken = 0;
  const before = simulation.eventCount;
  const leases = controlPlane.groups.find(({ name }) => name === 'kubelet-lease')!;
  const sent = leases.sent;
  simulation.runUntil((simulation.now + seconds(170)) as never, {
    stopWhen: () => {
      taken++;
      return false;
    },
  });
  controlPlane.outlook.settle();
  // 10 s in vain and 7 s of waiting: ten attempts of each node, with two steps each.
  expect((leases.sent - sent) / NODES).toBeCloseTo(10, 0);
  expect(simulation.eventCount - before - taken).toBeCloseTo(2 * (leases.sent - sent), -2);
});
