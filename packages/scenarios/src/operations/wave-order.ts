/** Another order of the clusters of a rollout: who changes places with whom is drawn, the plan of the waves stays. */
import type { Stream } from '@brownout/core';
import { shuffled } from '../kubernetes/controllers/node-order.ts';

/**
 * Waves whose clusters have changed places at random. Clusters in `fixed` stay where they are; a cluster that several waves
 * name, to grow by shares of its nodes, is replaced by the same other one in all of them.
 */
export function inRandomOrder<Item, Wave extends { readonly sites: readonly Item[] }>(
  waves: readonly Wave[],
  fixed: ReadonlySet<Item>,
  stream: Stream,
): Wave[] {
  const moved = [...new Set(waves.flatMap((wave) => wave.sites))].filter((site) => !fixed.has(site));
  const order = shuffled(moved.length, stream);
  const instead = new Map(moved.map((site, place) => [site, moved[order[place]!]!]));
  return waves.map((wave) => ({ ...wave, sites: wave.sites.map((site) => instead.get(site) ?? site) }));
}
