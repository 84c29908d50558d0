/**
 * Which watches of nodes stand for themselves: of a kubelet that of its pods, which has the cost of all seven; or all
 * seven; and with or without kube-proxy.
 */
export const nodeWatchKinds = ['pods', 'kubelet', 'kubelet-and-proxy'] as const;

/** One of `nodeWatchKinds`. */
export type NodeWatchKind = (typeof nodeWatchKinds)[number];
