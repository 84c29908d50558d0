/** The mitigations that can be asked for by name, in the order in which lists show them. */
import type { Mitigation } from '../scenario/mitigation.ts';
import { cachedList, ownNodeSelector, protobufAgents, slowerAgents } from './agents.ts';
import { breakGlass } from './break-glass.ts';
import { decoupledDns, longerDnsTtl } from './dns.ts';
import { largerApiServers } from './larger-api-servers.ts';
import { serveStaleDns } from './serve-stale-dns.ts';
import { stagedRollout } from './staged-rollout.ts';

/** All mitigations. */
export const mitigations: readonly Mitigation[] = [
  stagedRollout,
  serveStaleDns,
  breakGlass,
  cachedList,
  ownNodeSelector,
  protobufAgents,
  slowerAgents,
  largerApiServers,
  longerDnsTtl,
  decoupledDns,
];
