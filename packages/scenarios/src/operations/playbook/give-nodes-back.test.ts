/** Nodes that a playbook gives back after a scale-down: new machines, which have to join. */
import { minutes, seconds } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance } from '../../kubernetes/testing/bench.ts';
import type { PlaybookStep } from './playbook.ts';
import { createPlaybookBench, step, takes } from './testing/bench.ts';

/** Steps begin when the cause is known, four minutes after the alarm. */
const BEGIN = minutes(4);
const down = step({ action: 'scale-cluster-down', share: 0.5, nodesPerMinute: Infinity });
const afterTwoMinutes = { when: { succeeded: ['scale-cluster-down'], wait: takes(minutes(2)) } };

/** A cluster of twenty nodes whose agents run. */
function carryOut(steps: readonly PlaybookStep[], joining: number) {
  const bench = createPlaybookBench({ steps, nodes: [20], cluster: { agent: { period: seconds(10) }, joining } });
  bench.rollOut();
  bench.ring();
  return { ...bench, cluster: bench.sites[0]!.cluster };
}

it('as many machines as were taken away boot, join and get their agent', () => {
  const giveBack = step({ action: 'give-nodes-back', nodesPerMinute: 30 }, afterTwoMinutes);
  const { simulation, cluster, at } = carryOut([down, giveBack], 20);
  advance(simulation, BEGIN + minutes(2));
  expect([cluster.kubelets.count, cluster.daemon.runningCount]).toEqual([10, 10]);
  // Five at once and five ten seconds later; the last boots for 45 s, and registers 100 ms after that.
  advance(simulation, seconds(50));
  expect([cluster.kubelets.count, at('10 nodes given back')]).toEqual([15, expect.closeTo(4 + 2 + 1 / 6, 2)]);
  advance(simulation, seconds(6));
  expect(cluster.kubelets.count).toBe(20);
  // Ready after ten seconds more.
  advance(simulation, seconds(20));
  expect([cluster.daemon.runningCount, cluster.joins!.left]).toEqual([20, 10]);
  cluster.controlPlane.checkBooks();
});

it.each([
  ['none were taken', [], 20, 20],
  ['no machines are kept for them', [down], 0, 10],
] as const)('none come where %s', (_, before, joining, nodes) => {
  const when = before.length === 0 ? {} : afterTwoMinutes;
  const giveBack = step({ action: 'give-nodes-back', nodesPerMinute: Infinity }, when);
  const { simulation, cluster, at } = carryOut([...before, giveBack], joining);
  advance(simulation, BEGIN + minutes(5));
  expect([cluster.kubelets.count, at('nodes given back')]).toEqual([nodes, undefined]);
});
