/**
 * Where the times and mistakes of people come from: a stream of its own for each step, cluster and purpose. A step that is left
 * out, or one more try somewhere, then shifts no other time, and two variants of a scenario differ by what they change.
 */
import type { Simulation, Stream } from '@brownout/core';

/** What is drawn for a step. */
export type HumanPurpose = 'wait' | 'time' | 'pause' | 'mistake';

/** The stream of a step; `site` is undefined for steps that are done once. */
export function humanStream(
  simulation: Simulation,
  site: string | undefined,
  step: string,
  purpose: HumanPurpose,
): Stream {
  return simulation.streams.get(`operators/${site ?? 'all clusters'}/${step}/${purpose}`);
}
