/** The mitigations that can be asked for by name, by theme, in the order in which lists show them. */
import type { Mitigation } from '../scenario/mitigation.ts';
import { agentBackoff, agentJitter, agentRateLimit, agentRetryBudget, agentStartSpread } from './agent-pace.ts';
import { centralCollector, pagedList, watchingAgents } from './agent-requests.ts';
import { cachedList, ownNodeSelector, protobufAgents, slowerAgents } from './agents.ts';
import { breakGlass } from './break-glass.ts';
import { moreApiServers, newerKubernetes, zoneSpread } from './control-plane.ts';
import { coreDnsMemory, nodeLocalDns, steadfastCoreDns } from './core-dns.ts';
import { startUpCache, startUpLimit } from './data-plane.ts';
import { decoupledDns, longerDnsTtl } from './dns.ts';
import { agentPriorityLevel, fewerSeats } from './flow-control.ts';
import { largerApiServers } from './larger-api-servers.ts';
import { earlierAlert, recoveryActions, trafficShift } from './operators.ts';
import { emergencyThrottle, exemptOperators, warmCaches } from './playbook.ts';
import { canaryClusters, fasterRollback, healthGates } from './rollout.ts';
import { serveStaleDns } from './serve-stale-dns.ts';
import { smallerClusters } from './smaller-clusters.ts';
import { stagedRollout } from './staged-rollout.ts';

/** All mitigations. */
export const mitigations: readonly Mitigation[] = [
  stagedRollout,
  canaryClusters,
  healthGates,
  fasterRollback,
  cachedList,
  ownNodeSelector,
  protobufAgents,
  pagedList,
  watchingAgents,
  centralCollector,
  slowerAgents,
  agentStartSpread,
  agentJitter,
  agentRateLimit,
  agentBackoff,
  agentRetryBudget,
  agentPriorityLevel,
  fewerSeats,
  largerApiServers,
  moreApiServers,
  zoneSpread,
  newerKubernetes,
  smallerClusters,
  serveStaleDns,
  longerDnsTtl,
  decoupledDns,
  nodeLocalDns,
  coreDnsMemory,
  steadfastCoreDns,
  startUpLimit,
  startUpCache,
  earlierAlert,
  trafficShift,
  breakGlass,
  exemptOperators,
  emergencyThrottle,
  warmCaches,
  recoveryActions,
];
