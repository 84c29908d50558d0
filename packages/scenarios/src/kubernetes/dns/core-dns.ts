/**
 * CoreDNS with the kubernetes plugin: answers from the memory of its informers, never asks the API for a lookup, and goes
 * on answering without limit when the API is lost after its first sync (plugin/kubernetes; readiness is never revoked).
 */
import type { ClusterNameServers } from './name-store.ts';

/** The CoreDNS replicas of a cluster, all synced and never restarted; `CoreDnsDeployment` is the part that can fail. */
export class CoreDns implements ClusterNameServers {
  readonly replicas: number;
  #syncedReplicas: number;

  constructor(replicas: number) {
    if (!(replicas >= 1)) throw new RangeError(`CoreDNS: replicas must be >= 1, got ${replicas}`);
    this.replicas = replicas;
    this.#syncedReplicas = replicas;
  }

  /** Replicas that have filled their informers since they last started. */
  get syncedReplicas(): number {
    return this.#syncedReplicas;
  }

  /** A synced replica answers everything it knows. */
  failureShare(): number {
    return 1 - this.#syncedReplicas / this.replicas;
  }

  /** Every client asks any replica, and every name is known to all synced ones. */
  failureProbability(_node: number, _name: number): number {
    return this.failureShare();
  }

  /** Nobody here notices. */
  connectionsBroke(): void {}

  /** Nobody here notices. */
  pathBlocked(): void {}

  /** Nobody here notices. */
  pathOpened(): void {}
}
