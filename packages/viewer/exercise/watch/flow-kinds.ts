/** Kinds of clients of the API: groups of clients are many, a picture has room for a few. */

/** One kind. */
export interface FlowKind {
  readonly title: string;
  /** What they are and want, as the middle of a sentence. */
  readonly what: string;
}

/** The kinds in the order in which they stand. */
export const flowKinds: readonly FlowKind[] = [
  { title: 'kubelets', what: 'the kubelets, which renew the leases of their nodes and report on pods' },
  { title: 'agents', what: 'the agents that were rolled out, one on each node' },
  { title: 'controllers', what: 'controllers and schedulers, which keep the cluster as it should be' },
  { title: 'names', what: 'the servers of names, which learn from the API what resolves to what' },
  { title: 'people', what: 'people and pipelines that look and repair' },
  { title: 'others', what: 'probes, monitoring and the like' },
];

const [kubelets, agents, controllers, names, people, others] = [0, 1, 2, 3, 4, 5];

/** The number of the kind that a group of clients belongs to, by its name. */
export function flowOf(group: string, agent: string): number {
  if (group.startsWith('kubelet') || group.includes('pod-status') || group.startsWith('node-status')) return kubelets;
  if (group.startsWith(agent) || group.startsWith('agent')) return agents;
  if (group.includes('dns')) return names;
  if (/^(operator|admin|pipeline|break-glass|trainee|person)/.test(group)) return people;
  if (/controller|scheduler|garbage|endpointslice|replicaset|-lease|-informer/.test(group)) return controllers;
  return others;
}
