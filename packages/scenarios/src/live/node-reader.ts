/** Reads the nodes of a cluster, a byte each, and the names that the tier in front of CoreDNS keeps. */
import type { Simulation } from '@brownout/core';
import type { Cluster } from '../kubernetes/cluster.ts';
import { Ready } from '../kubernetes/nodes/node-store.ts';
import { NodeBits, NodeLease, NodeNames } from './frame.ts';

/** A lease is late when it is older than so many intervals of renewal: jitter and a slow answer explain less. */
const LATE_AFTER = 1.5;

/** Records of the outermost tier. */
export interface NameRecordCounts {
  readonly records: number;
  readonly fresh: number;
  readonly stale: number;
  readonly failing: number;
}

/** See the head of this file. */
export class NodeReader {
  readonly #simulation: Simulation;
  readonly #cluster: Cluster;
  readonly #lateAfter: number;

  constructor(simulation: Simulation, cluster: Cluster) {
    this.#simulation = simulation;
    this.#cluster = cluster;
    this.#lateAfter = cluster.options.kubelet.renewInterval * LATE_AFTER;
  }

  /** One byte a node; see `NodeBits`. */
  read(): Uint8Array {
    const { kubelets, daemon, nodeStore: store, options } = this.#cluster;
    const { now } = this.#simulation;
    const { leaseDuration } = options.kubelet;
    const namesOf = this.#namesOf();
    const nodes = new Uint8Array(kubelets.exists.length);
    for (let node = 0; node < nodes.length; node++) {
      if (kubelets.exists[node] === 0) continue;
      const age = now - kubelets.renewedAt[node]!;
      const isExpired = age > leaseDuration;
      const lease = isExpired ? NodeLease.expired : age > this.#lateAfter ? NodeLease.late : NodeLease.fresh;
      const isNotReady = store === undefined ? isExpired : store.ready[node] !== Ready.true;
      nodes[node] =
        lease |
        (daemon.isRunning[node] === 1 ? NodeBits.agent : 0) |
        (namesOf(node) << NodeBits.namesShift) |
        (isNotReady ? NodeBits.notReadyInApi : 0) |
        (store?.isTainted[node] === 1 ? NodeBits.tainted : 0);
    }
    return nodes;
  }

  /** What the outermost tier keeps; nothing where applications ask CoreDNS itself. */
  records(): NameRecordCounts {
    const { registryDns, dns } = this.#cluster;
    const tier = registryDns ?? dns?.nodeLocalCache;
    if (tier === undefined) return { records: 0, fresh: 0, stale: 0, failing: 0 };
    const { records, failing } = tier.counts;
    return { records, failing, stale: tier.staleCount, fresh: records - failing - tier.staleCount };
  }

  #namesOf(): (node: number) => number {
    const { registryDns, dns, coreDns } = this.#cluster;
    const tier = registryDns ?? dns?.nodeLocalCache;
    if (tier === undefined) {
      const same = stateOf(coreDns.failureShare(1), 0);
      return () => same;
    }
    const { failing, records } = tier.counts;
    if (failing + tier.staleCount === 0 || records === 0) return () => NodeNames.fresh;
    return (node) => stateOf(tier.failingOn(node) / tier.namesEach, tier.staleOn(node));
  }
}

function stateOf(failingShare: number, stale: number): number {
  if (failingShare >= 0.5) return NodeNames.mostFailing;
  if (failingShare > 0) return NodeNames.failing;
  return stale > 0 ? NodeNames.stale : NodeNames.fresh;
}
