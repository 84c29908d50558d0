/** The names and groups under which clients reach the API server, as its authenticators give them out. */

/** A user name with its groups: the part of a request description that stays the same for one client. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

const authenticated = 'system:authenticated';

/** The controller manager with its own client certificate. */
export const kubeControllerManager: Identity = { user: 'system:kube-controller-manager', groups: [authenticated] };

/** The scheduler with its own client certificate. */
export const kubeScheduler: Identity = { user: 'system:kube-scheduler', groups: [authenticated] };

/** Whoever presents no credentials, such as a load balancer's probe. */
export const anonymous: Identity = { user: 'system:anonymous', groups: ['system:unauthenticated'] };

/** A break-glass administrator: a client certificate in the group that is exempt from every limit. */
export const breakGlassAdmin: Identity = { user: 'kubernetes-admin', groups: ['system:masters', authenticated] };

/** The kubelet of node `name`. */
export function nodeIdentity(name: string): Identity {
  return { user: `system:node:${name}`, groups: ['system:nodes', authenticated] };
}

/** A service account. */
export function serviceAccountIdentity(account: { readonly namespace: string; readonly name: string }): Identity {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, authenticated];
  return { user: `system:serviceaccount:${account.namespace}:${account.name}`, groups };
}

/** A person who logs in through an identity provider; cluster-admin by role, but in no exempt group. */
export function userIdentity(name: string): Identity {
  return { user: name, groups: [authenticated] };
}
