/** From the section on faults to the faults that happen, and to users who meet them. */
import { type Duration, plus, type Simulation, timeZero } from '@brownout/core';
import { FaultedUsers } from '../data-plane/faulted-users.ts';
import { type RequestFate, type RequestFault, RequestFaults } from '../data-plane/request-faults.ts';
import { type Chronicle, noCause } from '../operations/chronicle.ts';
import { type Fault, startFaults } from '../operations/faults.ts';
import type { Site } from '../operations/site.ts';
import type { UsersOfWorld } from './build-users.ts';
import { ClusterFaults } from './cluster-faults.ts';
import type { Scenario } from './document.ts';
import { formatTime } from './format.ts';
import type { TimedFaultSection } from './sections/faults.ts';

/** Sampled requests of each product a second where the document has no `dataPlane` that says how many. */
const SAMPLES_PER_SECOND = 2;

/** Users that everybody is to look at, and a way to let one more fault happen. */
export interface FaultableUsers extends UsersOfWorld {
  /** Throws where the world was made without `takesFaults` and the document has none. */
  inject(fault: TimedFaultSection): void;
}

/** Lets the faults of a scenario happen, and with `takesFaults` others that nobody has planned. */
export function injectFaults(
  simulation: Simulation,
  chronicle: Chronicle,
  scenario: Scenario,
  parts: { readonly sites: readonly Site[]; readonly users: UsersOfWorld; readonly takesFaults: boolean },
): FaultableUsers {
  const { faults = [] } = scenario;
  if (faults.length === 0 && !parts.takesFaults) {
    const inject = (): never => {
      throw new RangeError('faults: expected a world that takes faults, got one made without');
    };
    return { ...parts.users, inject };
  }
  const { sites } = parts;
  const products = scenario.users.products;
  const requestFaults = new RequestFaults(
    sites.length,
    products.map(({ patience }) => patience),
    (product) => simulation.streams.get(`users/${products[product]!.id}/patience`),
  );
  const targets = { sites, requestFaults, clusterFaults: new ClusterFaults(scenario) };
  const start = (some: readonly TimedFaultSection[]): void =>
    startFaults(
      simulation,
      chronicle,
      some.map((fault) => happening(scenario, fault, targets)),
    );
  start(faults);
  let first = noCause;
  const requestLost = (site: number, product: number, fate: RequestFate): void => {
    if (first !== noCause) return;
    const text = `a request to ${products[product]!.title} ${endingOf(fate)}`;
    first = chronicle.note('users', text, fate.note, sites[site]!.id);
  };
  const samplesPerSecond = scenario.dataPlane?.samplesPerSecond ?? SAMPLES_PER_SECOND;
  const users = new FaultedUsers(simulation, parts.users.users, requestFaults, {
    samplesPerSecond,
    observer: { requestLost },
    isAsleep: faults.length === 0,
  });
  return {
    users,
    firstUserFailure: () => earlier(first, parts.users.firstUserFailure()),
    firstNameFailure: () => parts.users.firstNameFailure(),
    inject: (fault) => {
      users.wake();
      start([fault]);
    },
  };
}

/** What faults act on. */
interface Targets {
  readonly sites: readonly Site[];
  readonly requestFaults: RequestFaults;
  readonly clusterFaults: ClusterFaults;
}

function happening(scenario: Scenario, fault: TimedFaultSection, targets: Targets): Fault {
  const { sites: all, requestFaults, clusterFaults } = targets;
  const trigger = plus(timeZero, -scenario.horizon.start as Duration);
  const sites = all.filter(({ id }) => fault.clusters?.includes(id) ?? true);
  const common = {
    at: trigger + fault.at,
    until: fault.until === undefined ? Infinity : trigger + fault.until,
    text: textOf(scenario, fault),
  };
  if (fault.kind === 'balancer-refuses' || fault.kind === 'names-unresolvable')
    return { ...common, sites: [], ...toRequests(scenario, fault, sites, all, requestFaults) };
  return { ...common, ...clusterFaults.changeOf(fault, sites) };
}

function toRequests(
  scenario: Scenario,
  fault: Extract<TimedFaultSection, { kind: 'balancer-refuses' | 'names-unresolvable' }>,
  sites: readonly Site[],
  all: readonly Site[],
  requestFaults: RequestFaults,
): Pick<Fault, 'begin' | 'end'> {
  const { share = 1, products } = fault;
  const isAtSite = all.map((site) => sites.includes(site));
  const isOfProduct = scenario.users.products.map(({ id }) => products?.includes(id) ?? true);
  const appliesTo = (site: number, product: number): boolean => isAtSite[site]! && isOfProduct[product]!;
  const what =
    fault.kind === 'balancer-refuses'
      ? ({ kind: 'refusal', share } as const)
      : ({ kind: 'stall', share, wait: fault.lookupTimeout, hasStaleAddress: fault.fallback === 'stale' } as const);
  let active: RequestFault | undefined;
  return {
    begin: (note) => {
      active = { ...what, appliesTo, note };
      requestFaults.begin(active);
    },
    end: () => requestFaults.end(active!),
  };
}

function textOf(scenario: Scenario, fault: TimedFaultSection): string {
  switch (fault.kind) {
    case 'balancer-refuses':
      return `the balancer refuses ${requestsOf(scenario, fault)}`;
    case 'names-unresolvable': {
      const then = fault.fallback === 'stale' ? 'go on with an old address' : 'fail';
      return `names are not answered: ${requestsOf(scenario, fault)} wait ${formatTime(fault.lookupTimeout)} and ${then}`;
    }
    case 'api-server-crash':
      return `machines of ${fault.servers ?? 1} API servers crash`;
    case 'zone-loss':
      return `API servers in failure zone ${fault.zone ?? 1} are gone`;
    case 'etcd-slow-disk':
      return `disks of etcd are ${fault.factor} times as slow`;
    case 'webhook-down':
      return `webhook "${fault.webhook}" ${fault.backend === 'refusing' ? 'refuses connections' : 'does not answer'}`;
    case 'network-partition':
      return `packets to the API servers are dropped${fault.letThrough === 'system' ? ' for all but system clients' : ''}`;
  }
}

function requestsOf(
  { users }: Scenario,
  { share = 1, products }: { readonly share?: number | undefined; readonly products?: readonly string[] | undefined },
): string {
  const amount = share === 1 ? 'all' : `${(share * 100).toFixed(0)} % of the`;
  const titles = users.products.filter(({ id }) => products?.includes(id) ?? false).map(({ title }) => title);
  return `${amount} requests${titles.length === 0 ? '' : ` to ${titles.join(', ')}`}`;
}

function endingOf({ ending, after }: RequestFate): string {
  switch (ending) {
    case 'refused':
      return 'is refused by the balancer';
    case 'abandoned':
      return `stands still for want of a name, and its user gives up after ${(after / 1_000_000).toFixed(1)} s`;
    default:
      return `fails for want of a name after ${(after / 1_000_000).toFixed(1)} s`;
  }
}

/** Notes are numbered as they happen. */
function earlier(one: number, other: number): number {
  if (one === noCause || other === noCause) return Math.max(one, other);
  return Math.min(one, other);
}
