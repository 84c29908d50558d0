/** `agent.podsFailAfter`: agents that are evicted again and again, and what their replacement costs the API. */
import { minutes, plus, Simulation, Trace } from '@brownout/core';
import { expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { CompleteControllers } from '../kubernetes/complete-controllers.ts';
import { buildWorld } from './build.ts';
import type { ScenarioDocument } from './document.ts';
import { parseScenario } from './parse.ts';

function documentOf(podsFailAfter: string | undefined): ScenarioDocument {
  const small = smallScenario({ nodes: 40 });
  const list = { ...small.agent.list, resourceVersion: '0' } as const;
  return {
    ...small,
    kubernetes: { ...small.kubernetes, profile: '2024' },
    clusters: [small.clusters[1]!],
    rollout: null,
    agent: { ...small.agent, list, startDelay: '2 s', ...(podsFailAfter === undefined ? {} : { podsFailAfter }) },
  };
}

/** Half an hour with the agent on 40 nodes: agents that run in the end, and writes about their pods. */
function run(podsFailAfter: string | undefined) {
  const simulation = new Simulation({ seed: 1 });
  const scenario = parseScenario(documentOf(podsFailAfter), 'failing');
  const world = buildWorld(simulation, new Trace(simulation, { keep: 'none' }), scenario);
  const { cluster } = world.sites[0]!;
  const controllers = cluster.daemonSet;
  if (!(controllers instanceof CompleteControllers)) throw new TypeError('expected the complete controllers');
  controllers.select(1);
  let most = 0;
  for (let minute = 0; minute < 30; minute++) {
    simulation.runUntil(plus(simulation.now, minutes(1)));
    most = Math.max(most, cluster.daemon.runningCount);
  }
  const { controlPlane } = cluster;
  controlPlane.checkBooks();
  const sent = controlPlane.groups.find(({ name }) => name === 'daemon-set-controller')!.sent;
  return { most, running: cluster.daemon.runningCount, pods: controllers.podCount, sent };
}

it('pods that fail 20 s after their start are replaced at once only while their back-off is shorter than that', () => {
  const [well, failing] = [run(undefined), run('20 s')];
  expect([well.running, well.pods]).toEqual([40, 40]);
  expect(failing.pods).toBe(40);
  // A life is 22 s and a wait 1, 2, 4, 8, 16 s, which is over when it ends. From 32 s on the pod waits for the whole of it: 32, 64,
  // 128 ... after each life, so half an hour has 5 short rounds, about 2 min, and then 54, 86, 150, 278, 534 s: ten or eleven
  // deletions and as many creations on each of 40 nodes, where one without back-off would have 80.
  const perNode = (failing.sent - well.sent) / 40;
  expect(perNode).toBeGreaterThan(2 * 9);
  expect(perNode).toBeLessThan(2 * 13 + 25);
  // Most of the time the failed pods only stand there.
  expect(failing.running).toBeLessThan(40);
});

it('needs a profile, and a DaemonSet that brings the agents', () => {
  const { kubernetes, ...document } = documentOf('20 s');
  const { profile: _, ...plain } = kubernetes;
  const message = 'agent.podsFailAfter: expected a document with kubernetes.profile';
  expect(() => parseScenario({ ...document, kubernetes: plain }, 'plain')).toThrow(message);
});
