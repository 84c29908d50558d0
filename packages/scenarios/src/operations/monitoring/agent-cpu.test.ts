/** Processor time of agents that watch: their LISTs are decoded, whichever of their groups joined first. */
import { minutes, ms, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { clusterWatches } from '../../kubernetes/cluster-watches.ts';
import { createCompleteDnsBench } from '../../kubernetes/dns/testing/complete-dns-bench.ts';
import { watchCacheFeaturesOf, workEstimateOf } from '../../kubernetes/profiles/options.ts';
import { profileNamed } from '../../kubernetes/profiles/release.ts';
import { kubernetesSettings } from '../../kubernetes/profiles/settings-from-flags.ts';
import { advance } from '../../kubernetes/testing/bench.ts';
import { Status } from '../../kubernetes/requests/api-request.ts';
import { Site } from '../site.ts';
import { createChronicle } from '../testing/bench.ts';
import { agentCpu } from './cluster-readers.ts';

it('an informer on a watch cache is paired with its LISTs, a poll beside it with its own answers', () => {
  const requests = [
    { name: '', operation: 'list-pods-cache-json', period: minutes(1), isInformer: true },
    { name: 'poll', operation: 'get', period: minutes(1) },
  ];
  const bench = createCompleteDnsBench(new Simulation({ seed: 1 }), { nodes: 30, agent: { requests } });
  const complete = bench.cluster.options.complete!;
  const settings = kubernetesSettings(profileNamed('1.30'));
  const watches = clusterWatches({
    features: watchCacheFeaturesOf(settings),
    nodes: 30,
    writeEstimate: workEstimateOf(settings),
    agent: { encoding: 'json', isOfOwnNode: false },
  });
  const simulation = new Simulation({ seed: 1 });
  const site = new Site(
    simulation,
    createChronicle(simulation),
    { ...bench.cluster.options, complete: { ...complete, watches } },
    {
      isStaging: false,
      traffic: 1,
    },
  );
  const { daemon, operations } = site.cluster;
  expect(daemon.groups.map(({ name }) => name)).toEqual(['agent-watch', 'agent', 'agent-poll']);
  expect(daemon.answers.map(({ group }) => group.name)).toEqual(['agent', 'agent-poll']);
  const reader = agentCpu(site);
  for (let node = 0; node < 30; node++) daemon.start(node);
  advance(simulation, minutes(3) + ms(1));
  const [lists, polls] = daemon.answers.map(({ group }) => group.ended[Status.ok]!);
  expect(lists).toBe(30);
  expect(polls).toBeGreaterThan(30);
  const [large, small] = daemon.answers.map(({ operation }) => operations.responseBytes[operation]!);
  expect(reader.read()[0]).toBeCloseTo((lists! * large! + polls! * small!) * 1e-8, 9);
});
