/** A DaemonSet controller and a scheduler on the workbench, with kubelets that start and stop pods after a fixed time. */
import { type Duration, minutes, ms, seconds, type Simulation } from '@brownout/core';
import type { ClientGroup } from '../../client/client-group.ts';
import { advance, type Bench, type BenchOptions, createBench } from '../../testing/bench.ts';
import { DaemonSetController } from '../daemon-set-controller.ts';
import type { DaemonSetControllerOptions } from '../daemon-set-options.ts';
import { PodState } from '../daemon-set-pods.ts';
import { Scheduler } from '../scheduler.ts';

/** How long kubelets take. */
export interface KubeletTimes {
  readonly readyAfter: Duration;
  readonly stopsIn: Duration;
  /** From its binding until each pod has failed; absent = none does. */
  readonly failsIn?: Duration | undefined;
}

/** The parts, and what has been seen of them. */
export interface DaemonSetWorld extends Bench {
  readonly daemonSet: DaemonSetController;
  readonly scheduler: Scheduler;
  readonly writes: ClientGroup;
  readonly kubelet: { stopping: number };
  /** Most selected nodes without an available pod, and most nodes with two pods, since the last `settle`. */
  readonly worst: { unavailable: number; surging: number };
  readonly world: { isCurrent: boolean };
  /** Runs until the DaemonSet is settled, at most an hour; returns the seconds it took. */
  settle(): number;
}

/** Everything starts at once and works. */
export function createDaemonSetWorld(
  simulation: Simulation,
  nodes: number,
  options: DaemonSetControllerOptions,
  bench: BenchOptions,
  { readyAfter, stopsIn, failsIn }: KubeletTimes,
): DaemonSetWorld {
  const { controlPlane, events } = createBench(simulation, { cores: 8, ...bench });
  const world = { isCurrent: true };
  const kubelet = { stopping: 0 };
  const worst = { unavailable: 0, surging: 0 };
  const ready = simulation.event('pod ready', (place) => daemonSet.podReady(place));
  const fails = simulation.event('pod fails', (place) => daemonSet.podFailed(place));
  const gone = simulation.event('pod gone', (place) => {
    kubelet.stopping--;
    daemonSet.podGone(place);
  });
  const scheduler = new Scheduler(simulation, 'bench', {}, { controlPlane, bound: (pod) => daemonSet.podBound(pod) });
  const daemonSet: DaemonSetController = new DaemonSetController(simulation, 'bench', nodes, options, {
    controlPlane,
    scheduler,
    isCurrent: () => world.isCurrent,
    observer: {
      podBound: (place) => {
        if (failsIn === undefined) ready.after(readyAfter, place);
        else fails.after(failsIn, place);
      },
      podDeleted: (place) => {
        kubelet.stopping++;
        gone.after(stopsIn, place);
      },
    },
  });
  scheduler.start();
  daemonSet.start();
  const settle = (): number => {
    worst.unavailable = 0;
    worst.surging = 0;
    const from = simulation.now;
    do {
      advance(simulation, ms(100));
      const { unavailable, surging } = look(daemonSet, simulation.now);
      worst.unavailable = Math.max(worst.unavailable, unavailable);
      worst.surging = Math.max(worst.surging, surging);
    } while (!daemonSet.isSettled && simulation.now - from < minutes(60));
    return (simulation.now - from) / seconds(1);
  };
  const writes = controlPlane.groups.find((group) => group.name === 'daemon-set-controller')!;
  return { controlPlane, events, daemonSet, scheduler, writes, kubelet, worst, world, settle };
}

/** Selected nodes without an available pod, and nodes with two pods of which the new one is not available. */
export function look(
  { pods, isSelected, history }: DaemonSetController,
  now: number,
): { unavailable: number; surging: number } {
  let unavailable = 0;
  let surging = 0;
  isSelected.forEach((selected, node) => {
    const places = [2 * node, 2 * node + 1];
    if (selected === 1 && !places.some((place) => pods.isAvailable(place, now, 0))) unavailable++;
    const fresh = pods.find(node, history.template, true);
    const isTwo = places.every((place) => pods.state[place] !== PodState.absent);
    if (isTwo && fresh >= 0 && !pods.isAvailable(fresh, now, 0)) surging++;
  });
  return { unavailable, surging };
}
