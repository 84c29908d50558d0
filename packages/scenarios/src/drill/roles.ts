/**
 * Roles of a drill: what somebody looks after, which dashboards they have in front of them, and which tools they are allowed
 * to use. One trainee may hold several; what nobody holds is left to simulated colleagues, or to nobody.
 */
import { didYouMean } from '../scenario/nearest-name.ts';
import {
  type DrillAbility,
  drillAbilities,
  type DrillBoard,
  drillBoards,
  type DrillRoleSection,
} from '../scenario/sections/drill.ts';

/**
 * What somebody is able to do: `kubectl-read` and `kubectl-write` go through the API like everybody else, `inside` is the same
 * from a machine of the control plane, past a block at the network; `cloud` are node pools and machines of the API servers;
 * `network` firewall and proxy in front of them; `nodes` commands on the nodes themselves; `traffic` the balancer over all
 * clusters and what limits starts; `pipeline` what rolls changes out; `declare` the incident and its end; `status-page` what
 * the public reads.
 */
export type Ability = DrillAbility;

/** All abilities. */
export const abilities: readonly Ability[] = drillAbilities;

/** A board of panels; boards.ts says what is on it. */
export type BoardId = DrillBoard;

/** All boards, in the order in which they are shown. */
export const boardIds: readonly BoardId[] = drillBoards;

/** One role, as a document describes it. Plain data. */
export interface DrillRole extends DrillRoleSection {
  /** Whether single complaints of customers reach them; the others read what support says in the chat. */
  readonly seesCustomers: boolean;
}

/** Roles of a document that names none. */
export const defaultRoles: readonly DrillRole[] = [
  {
    id: 'commander',
    title: 'Incident commander',
    task: 'You decide what is tried and in which order, stop what is still being rolled out, and declare the incident and its end.',
    abilities: ['declare', 'pipeline'],
    boards: ['users', 'overview'],
    seesCustomers: true,
  },
  {
    id: 'platform',
    title: 'Platform (Kubernetes)',
    task: 'You look after the control planes: kubectl, machines of the control plane, node pools and the nodes themselves.',
    abilities: ['kubectl-read', 'kubectl-write', 'inside', 'cloud', 'nodes'],
    boards: ['overview', 'api-servers', 'latency', 'etcd', 'nodes', 'agent'],
    seesCustomers: false,
  },
  {
    id: 'networking',
    title: 'Networking and DNS',
    task: 'You look after the balancer over all clusters, names, and the network and proxy in front of the API servers.',
    abilities: ['kubectl-read', 'network', 'traffic'],
    boards: ['users', 'overview', 'dns'],
    seesCustomers: false,
  },
  {
    id: 'communications',
    title: 'Communications',
    task: 'You read what customers write, tell the others what it means, and keep the public status page honest.',
    abilities: ['status-page', 'declare'],
    boards: ['users'],
    seesCustomers: true,
  },
];

/** The roles with these ids, in the order of `roles`. Throws RangeError for one that is not there. */
export function rolesNamed(ids: readonly string[], roles: readonly DrillRole[]): DrillRole[] {
  const known = roles.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    throw new RangeError(`drill: expected a role among ${known.join(', ')}, got "${id}"${didYouMean(id, known)}`);
  }
  return roles.filter(({ id }) => ids.includes(id));
}

/** Everything that at least one of these roles is able to do. */
export function abilitiesOf(roles: readonly DrillRole[]): ReadonlySet<Ability> {
  return new Set(roles.flatMap((role) => role.abilities));
}
