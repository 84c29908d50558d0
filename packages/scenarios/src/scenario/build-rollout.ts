/** From the section on the rollout to the pipeline that runs. */
import { type Duration, plus, type Simulation, timeZero } from '@brownout/core';
import type { Chronicle } from '../operations/chronicle.ts';
import { Rollout } from '../operations/rollout.ts';
import type { Site } from '../operations/site.ts';
import type { Scenario } from './document.ts';

/** Starts the rollout of a scenario; undefined when there is none. */
export function startRollout(
  simulation: Simulation,
  chronicle: Chronicle,
  scenario: Scenario,
  sites: readonly Site[],
): Rollout | undefined {
  if (scenario.rollout === null) return undefined;
  const byId = new Map(sites.map((site) => [site.id, site]));
  const trigger = plus(timeZero, -scenario.horizon.start as Duration);
  return new Rollout(simulation, chronicle, {
    agent: scenario.agent.name,
    gate: scenario.rollout.gate,
    waves: scenario.rollout.waves.map((wave) => ({
      sites: wave.clusters.map((id) => byId.get(id)!),
      nodesShare: wave.nodesShare,
      ...(wave.at === undefined ? {} : { at: trigger + wave.at }),
      ...(wave.bake === undefined ? {} : { bake: wave.bake }),
    })),
  });
}
