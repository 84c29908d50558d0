/**
 * How dear each mitigation is beside the others, for plans that state no costs of their own. Assumed, all of it: an order by
 * what has to be changed and kept, read from the sentence `costs` of each, and no money. Whoever knows better says `cost=`.
 *
 *   1  a setting: a flag, a field of a request, a number in a manifest
 *   2  a change of the agent's program, or a rule that has to be watched
 *   3  a practice: slower rollouts, more people, rehearsals, switches that are tried now and then
 *   4  machines and upgrades
 *   5  another architecture
 */
import type { CostRanks } from '../experiment/plan-choices.ts';

/** Rank by id of the mitigation. */
export const mitigationCostRanks: CostRanks = {
  'agent-backoff': 1,
  'agent-jitter': 1,
  'agent-priority-level': 1,
  'agent-rate-limit': 1,
  'agent-start-spread': 1,
  'cached-list': 1,
  'core-dns-memory': 1,
  'fewer-seats': 1,
  'longer-dns-ttl': 1,
  'own-node-selector': 1,
  'protobuf-agents': 1,
  'serve-stale-dns': 1,
  'slower-agents': 1,
  'start-up-limit': 1,
  'agent-retry-budget': 2,
  'earlier-alert': 2,
  'exempt-operators': 2,
  'paged-list': 2,
  'steadfast-core-dns': 2,
  'warm-caches': 2,
  'watching-agents': 2,
  'break-glass': 3,
  'canary-clusters': 3,
  'emergency-throttle': 3,
  'faster-rollback': 3,
  'health-gates': 3,
  'recovery-actions': 3,
  'staged-rollout': 3,
  'start-up-cache': 3,
  'traffic-shift': 3,
  'central-collector': 4,
  'larger-api-servers': 4,
  'more-api-servers': 4,
  'newer-kubernetes': 4,
  'node-local-dns': 4,
  'zone-spread': 4,
  'decoupled-dns': 5,
  'smaller-clusters': 5,
};
