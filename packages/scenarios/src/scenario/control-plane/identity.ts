import type { Identity } from '../../kubernetes/flow-control/identity.ts';

/** Users and groups of the clients of a document, as the authenticators of an API server give them out. */

/** The identity of client `number`: its name, the groups that follow from it, and those that are stated. */
export function identityOf(user: string, groups: readonly string[], number: number): Identity {
  const name = user.replaceAll('{n}', String(number));
  return { user: name, groups: [...groupsOf(name), ...groups, 'system:authenticated'] };
}

function groupsOf(name: string): string[] {
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name);
  if (account !== null) return ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`];
  return name.startsWith('system:node:') ? ['system:nodes'] : [];
}

/** API groups of the types that live in one; the others are in the core group. */
const apiGroups: ReadonlyMap<string, string> = new Map([
  ['leases', 'coordination.k8s.io'],
  ['endpointslices', 'discovery.k8s.io'],
  ['daemonsets', 'apps'],
  ['deployments', 'apps'],
  ['replicasets', 'apps'],
  ['statefulsets', 'apps'],
  ['jobs', 'batch'],
  ['cronjobs', 'batch'],
]);

/** API group of a type; '' is the core group. */
export function apiGroupOf(resource: string): string {
  return apiGroups.get(resource) ?? '';
}
