/**
 * A managed control plane: somebody else sets its flags, its seats grow with its machines and its etcd cannot be seen. The
 * model follows Amazon EKS, whose best practices (aws/aws-eks-best-practices, latest/bpg/scalability/control-plane.adoc) say
 * that a cluster starts with the default limits of 400 and 200 and that the provider raises their sum with the size of the
 * control plane up to 2,000 a server. Nodes, CoreDNS, FlowSchemas and priority levels belong to the user.
 */
import type { Component } from './flag.ts';
import type { Profile } from './release.ts';

/** Seats of the smallest and of the largest server. Documented. */
const fewestSeats = 600;
const mostSeats = 2000;

/** Seats per core between them: the default limits on 8 cores. Assumed, the provider publishes no sizes. */
const seatsPerCore = fewestSeats / 8;

/** Of three seats, two are counted as reads, as in the default limits. */
const readShare = 2 / 3;

const lockedComponents: ReadonlySet<Component> = new Set<Component>([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
  'static-pod',
]);

/** Why a flag of `component` cannot be set under `profile`; undefined when it can. */
export function lockReason(profile: Profile, component: Component): string | undefined {
  if (!profile.isManaged || !lockedComponents.has(component)) return undefined;
  return `profile "${profile.name}" locks the flags of ${component}: the provider of a managed control plane sets them`;
}

/** In-flight limits of one API server with `cores` cores. */
export function managedInflight(cores: number): {
  readonly maxRequestsInflight: number;
  readonly maxMutatingRequestsInflight: number;
} {
  const seats = Math.min(mostSeats, Math.max(fewestSeats, Math.floor(seatsPerCore * cores)));
  const maxRequestsInflight = Math.round(readShare * seats);
  return { maxRequestsInflight, maxMutatingRequestsInflight: seats - maxRequestsInflight };
}
