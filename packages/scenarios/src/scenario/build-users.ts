/** From the sections on users and the data plane to the users that run. */
import { forever, type Simulation } from '@brownout/core';
import type { DataPlaneOptions } from '../data-plane/options.ts';
import { PlainUsers } from '../data-plane/plain-users.ts';
import { PodRequests } from '../data-plane/pod-requests.ts';
import type { FailureCause, SampledFailure } from '../data-plane/sampled-requests.ts';
import { type ServingSite, ServiceUsers } from '../data-plane/service-users.ts';
import type { UsersOptions, UserTraffic } from '../data-plane/user-traffic.ts';
import { type Chronicle, noCause } from '../operations/chronicle.ts';
import type { Site } from '../operations/site.ts';
import type { KubernetesSection, Scenario } from './document.ts';
import type { DataPlaneSection } from './sections/data-plane.ts';

/** The users of a scenario. */
export interface UsersOfWorld {
  readonly users: UserTraffic;
  /** Note of the first user request that failed: a sampled one once there is one; `noCause` while there is none. */
  firstUserFailure(): number;
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
  let first = noCause;
  let firstSampled = noCause;
  const requestsFail = (site: Site): void => {
    if (first === noCause) first = chronicle.note('users', 'first user requests fail', site.dnsNote, site.id);
  };
  const sampledRequestFailed = (site: Site, failure: SampledFailure): void => {
    if (firstSampled !== noCause) return;
    const blame = first !== noCause && chronicle.notes[first]!.cluster === site.id ? first : site.dnsNote;
    const { title } = options.products[failure.product]!;
    firstSampled = chronicle.note('users', `a request to ${title} fails: ${reasonOf(failure)}`, blame, site.id);
  };
  const users =
    scenario.dataPlane === undefined
      ? new PlainUsers(simulation, options, sites, requestsFail)
      : new ServiceUsers(
          simulation,
          { ...options, ...dataPlaneOptions(scenario.dataPlane, scenario.kubernetes) },
          sites.map((site) => servingSite(simulation, scenario, site)),
          {
            requestsFail: (site) => requestsFail(sites[site]!),
            sampledRequestFailed: (site, failure) => sampledRequestFailed(sites[site]!, failure),
          },
        );
  return { users, firstUserFailure: () => (firstSampled === noCause ? first : firstSampled) };
}

/** Options of the data plane of a scenario. */
export function dataPlaneOptions(section: DataPlaneSection, kubernetes: KubernetesSection): DataPlaneOptions {
  const { timeout, attempts, firstRetry, longestRetry, cacheTtl, cacheShare } = section.resolver;
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
  const { services, podsPerNode } = scenario.clusters.find((one) => one.id === id)!;
  return {
    traffic: site.traffic,
    surroundings: {
      id,
      services,
      podsPerNode,
      exists: cluster.kubelets.exists,
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

function reasonOf(failure: SampledFailure): string {
  return reasons[failure.cause](failure);
}
