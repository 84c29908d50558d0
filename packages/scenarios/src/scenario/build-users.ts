/** From the sections on users and the data plane to the users that run. */
import { forever, type Simulation } from '@brownout/core';
import type { DataPlaneOptions } from '../data-plane/options.ts';
import { PlainUsers } from '../data-plane/plain-users.ts';
import { PodRequests } from '../data-plane/pod-requests.ts';
import type { FailureCause, SampledFailure } from '../data-plane/sampled-requests.ts';
import { type ServingSite, ServiceUsers } from '../data-plane/service-users.ts';
import type { UsersOptions, UserTraffic } from '../data-plane/user-traffic.ts';
import type { FailedRequest } from './why/cause-chain.ts';
import { podResolver } from '../kubernetes/dns/resolver.ts';
import { type Chronicle, noCause, type UserTrouble } from '../operations/chronicle.ts';
import type { Site } from '../operations/site.ts';
import type { Scenario } from './document.ts';
import { reducedServices, type RunCluster } from './reduction.ts';
import type { DataPlaneSection } from './sections/data-plane.ts';

/** The users of a scenario. */
export interface UsersOfWorld {
  readonly users: UserTraffic;
  /** Note of the first user request that failed, a sampled one where one was traced; `noCause` while there is none. */
  firstUserFailure(): number;
  /** The first that failed for a name, whatever had failed before it; undefined while there is none. */
  firstNameFailure(): FailedRequest | undefined;
}

/** Makes the users: on the plain data plane, or on services where the document has a section `dataPlane`. */
export function createUsers(
  simulation: Simulation,
  chronicle: Chronicle,
  scenario: Scenario,
  sites: readonly Site[],
): UsersOfWorld {
  const options: UsersOptions = {
    headroom: scenario.users.headroom,
    products: scenario.users.products.map((product) => ({
      id: product.id,
      title: product.title,
      requestsPerSecond: product.requests,
      lookups: product.lookups,
    })),
  };
  const first = new FirstFailure(chronicle);
  if (scenario.dataPlane === undefined) {
    const users = new PlainUsers(simulation, options, sites, (site) => {
      if (first.note === noCause) first.tell('first user requests fail', site.dnsNote, site.id, 'name');
    });
    // Nothing else makes a request fail here: the first failure is the first for a name.
    return { users, firstUserFailure: () => first.note, firstNameFailure: () => undefined };
  }
  const firstSampled = new FirstFailure(chronicle);
  let firstForName: FailedRequest | undefined;
  const users = new ServiceUsers(
    simulation,
    { ...options, ...dataPlaneOptions(scenario, scenario.dataPlane) },
    sites.map((site) => servingSite(simulation, scenario, site)),
    {
      requestsFail: (index, isFull) => {
        if (first.isTraced) return;
        const { cluster, dnsNote, lastCause, id } = sites[index]!;
        const areNamesBroken = dnsNote !== noCause || cluster.nameFailureShare(1) > 0;
        const trouble = areNamesBroken ? 'name' : isFull ? 'overload' : 'no-instance';
        // Blaming `lastCause` whatever the trouble is part of the trace; the chain of causes goes by the trouble instead.
        first.tell('first user requests fail', dnsNote === noCause ? lastCause : dnsNote, id, trouble);
      },
      sampledRequestFailed: (index, failure) => {
        const { dnsNote, lastCause, id } = sites[index]!;
        const { title } = options.products[failure.product]!;
        const blame = first.isOf(id) ? first.note : failure.cause === 'name' ? dnsNote : lastCause;
        const text = `a request to ${title} fails: ${reasons[failure.cause](failure)}`;
        if (failure.cause === 'name') {
          firstForName ??= { at: simulation.now, cluster: id, text, because: '', isForName: true };
        }
        firstSampled.tell(text, blame, id, failure.cause);
      },
    },
  );
  return {
    users,
    firstUserFailure: () => (firstSampled.isTraced ? firstSampled.note : first.note),
    firstNameFailure: () => firstForName,
  };
}

/**
 * The note of the first failure that something is known to have caused. Now and then a request fails for no more than a pod
 * that has just gone: such a failure is noted once, and gives way to one with a cause.
 */
class FirstFailure {
  note = noCause;
  readonly #chronicle: Chronicle;

  constructor(chronicle: Chronicle) {
    this.#chronicle = chronicle;
  }

  get isTraced(): boolean {
    return this.note !== noCause && this.#chronicle.notes[this.note]!.causedBy !== noCause;
  }

  /** Whether it is a failure with a cause, in this cluster. */
  isOf(cluster: string): boolean {
    return this.isTraced && this.#chronicle.notes[this.note]!.cluster === cluster;
  }

  tell(text: string, causedBy: number, cluster: string, trouble: UserTrouble): void {
    if (this.isTraced || (this.note !== noCause && causedBy === noCause)) return;
    this.note = this.#chronicle.note('users', text, causedBy, cluster, trouble);
  }
}

/** Options of the data plane of a scenario. */
export function dataPlaneOptions({ dns, kubernetes }: Scenario, section: DataPlaneSection): DataPlaneOptions {
  const { timeout = podResolver.timeout, attempts = podResolver.attempts } = dns.resolver ?? {};
  const { firstRetry, longestRetry, cacheTtl, cacheShare } = section.lookups;
  const { exitAfter, download } = section.startUp;
  const { first, longest, resetAfter } = kubernetes.crashBackoff;
  return {
    callGraph: section.callGraph,
    pools: section.pools,
    resolver: { timeout, attempts, backoff: { first: firstRetry, longest: longestRetry }, cacheTtl, cacheShare },
    churn: section.churn,
    startUp: {
      exitAfter: exitAfter ?? forever,
      crashBackoff: { first, longest },
      crashBackoffReset: resetAfter,
      ...(download === undefined
        ? {}
        : {
            download: {
              ...download,
              bytesPerSecondEach: download.bytesPerSecondEach ?? download.bytesPerSecond,
              concurrent: download.concurrent ?? Infinity,
            },
          }),
    },
    ...(section.replicas === undefined ? {} : { replicas: section.replicas }),
    samplesPerSecond: section.samplesPerSecond,
    steeringTime: section.steeringTime,
  };
}

function servingSite(simulation: Simulation, scenario: Scenario, site: Site): ServingSite {
  const { cluster, id } = site;
  const section: RunCluster = scenario.clusters.find((one) => one.id === id)!;
  const { services, podsPerNode, scale } = section;
  return {
    traffic: site.traffic,
    ...(scale === undefined ? {} : { model: reducedServices(section, scale, scenario.dataPlane?.replicas) }),
    surroundings: {
      id,
      services,
      podsPerNode,
      exists: cluster.kubelets.exists,
      nodeCount: () => cluster.kubelets.count,
      rowsInUse: () => cluster.kubelets.exists.length - (cluster.joins?.left ?? 0),
      failureProbability: (node, name) => cluster.nameService.failureProbability(node, name),
      createWriter: (instances, onDone) => {
        const requests = new PodRequests(simulation, `${id}/data-plane`, cluster.controlPlane, instances, onDone);
        return (instance) => requests.send(instance);
      },
    },
  };
}

const reasons: Readonly<Record<FailureCause, (failure: SampledFailure) => string>> = {
  name: ({ caller, node, callerName, calleeName }) =>
    `instance ${caller} of service ${callerName} on node ${node} cannot resolve service ${calleeName}`,
  address: ({ caller, callerName, calleeName }) =>
    `instance ${caller} of service ${callerName} is sent to dead addresses of service ${calleeName}`,
  'no-instance': ({ calleeName }) => `an instance of service ${calleeName} on its way is gone`,
  overload: () => 'its cluster has fewer instances than the traffic needs',
};
