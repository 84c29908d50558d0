/** From the section on the rollout to the pipeline that runs. */
import { type Duration, plus, type Simulation, timeZero } from '@brownout/core';
import type { Chronicle } from '../operations/chronicle.ts';
import type { Monitoring } from '../operations/monitoring/monitoring.ts';
import { DaemonSetTemplate, type DaemonSetUpdate } from '../operations/rollout-change.ts';
import { Rollout, type Wave } from '../operations/rollout.ts';
import type { Site } from '../operations/site.ts';
import { inRandomOrder } from '../operations/wave-order.ts';
import type { Scenario } from './document.ts';
import type { RolloutSection } from './sections/rollout.ts';

/** Starts the rollout of a scenario; undefined when there is none. */
export function startRollout(
  simulation: Simulation,
  chronicle: Chronicle,
  scenario: Scenario,
  monitoring: Monitoring,
): Rollout | undefined {
  const { rollout } = scenario;
  if (rollout === null) return undefined;
  const { health, pipeline, update } = rollout;
  return new Rollout(simulation, chronicle, {
    agent: scenario.agent.name,
    gate: rollout.gate,
    waves: wavesOf(simulation, scenario, rollout, monitoring.sites),
    ...(health === undefined ? {} : { health: { options: health, monitoring } }),
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(update === undefined
      ? {}
      : { change: new DaemonSetTemplate(simulation, strategyOf(update), monitoring.sites, pipeline) }),
  });
}

function wavesOf(
  simulation: Simulation,
  scenario: Scenario,
  { waves, order }: RolloutSection,
  sites: readonly Site[],
): readonly Wave[] {
  const byId = new Map(sites.map((site) => [site.id, site]));
  const trigger = plus(timeZero, -scenario.horizon.start as Duration);
  const planned = waves.map(
    (wave): Wave => ({
      sites: wave.clusters.map((id) => byId.get(id)!),
      nodesShare: wave.nodesShare,
      ...(wave.at === undefined ? {} : { at: trigger + wave.at }),
      ...(wave.bake === undefined ? {} : { bake: wave.bake }),
      ...(wave.approval === undefined ? {} : { approval: wave.approval }),
    }),
  );
  if (order !== 'random') return planned;
  const fixed = new Set(sites.filter((site) => site.isStaging));
  waves.forEach(({ place }, index) => {
    if (place === 'fixed') for (const site of planned[index]!.sites) fixed.add(site);
  });
  return inRandomOrder(planned, fixed, simulation.streams.get('rollout/order'));
}

function strategyOf(update: NonNullable<RolloutSection['update']>): DaemonSetUpdate {
  const { type, maxUnavailable, maxSurge, minReady, deletionPause } = update;
  return {
    ...(type === undefined ? {} : { type }),
    ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
    ...(maxSurge === undefined ? {} : { maxSurge }),
    ...(minReady === undefined ? {} : { minReady }),
    ...(deletionPause === undefined ? {} : { deletionPause }),
  };
}
