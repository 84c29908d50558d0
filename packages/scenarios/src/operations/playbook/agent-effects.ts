/** What is done to the agent that causes the trouble: through the API, at the proxy, on the nodes. */
import { delay, type Duration, seconds } from '@brownout/core';
import type { Effect, Scene, Target, TrafficLevers } from './scene.ts';

/** API servers see a new object by their own watches, within about a second (assumed). */
const PROPAGATION: Duration = seconds(1);
/** Work on many machines goes in batches of so long (assumed: what a parallel ssh or a node daemon's poll amounts to). */
const BATCH: Duration = seconds(10);

/** The object was written: the change is taken back. */
export function* takeBack({ target, agent, note }: Scene): Effect {
  if (target.deleted.isFired) return true;
  target.deleted.fire();
  note('action', `${agent} deleted`);
  target.site.cluster.daemonSet.select(0);
  return true;
}

/** The FlowSchema was written: the servers come to know of it. */
export function* moveToLevel({ target, agent, note }: Scene, priorityLevel: string): Effect {
  yield delay(PROPAGATION);
  const { controlPlane, daemon } = target.site.cluster;
  for (const group of daemon.groups) controlPlane.assignLevel(group, priorityLevel);
  note('action', `requests of ${agent} put at priority level ${priorityLevel}`);
  return true;
}

/** The role was deleted. */
export function* revokeRole({ target, agent, note }: Scene): Effect {
  yield delay(PROPAGATION);
  const { controlPlane, daemon } = target.site.cluster;
  for (const group of daemon.groups) controlPlane.door.forbid(group);
  note('action', `role of ${agent} taken away`);
  return true;
}

/** The proxy in front of the API servers lets only so much through. */
export function* throttle({ target, agent, note }: Scene, perSecond: number): Effect {
  const { controlPlane, daemon } = target.site.cluster;
  controlPlane.door.throttle(daemon.groups, perSecond);
  note('action', `user agent ${agent} throttled to ${perSecond} requests a second`);
  return true;
}

/** One node after the other. */
export function* stopOnNodes({ target, agent, note }: Scene, nodesPerMinute: number): Effect {
  const { kubelets, daemon } = target.site.cluster;
  let allowance = 0;
  let stopped = 0;
  for (let node = 0; node < kubelets.exists.length; node++) {
    if (kubelets.exists[node] === 0) continue;
    while (allowance < 1) {
      yield delay(BATCH);
      allowance += (nodesPerMinute * BATCH) / seconds(60);
    }
    allowance--;
    daemon.hold(node);
    stopped++;
  }
  note('action', `${agent} stopped on ${stopped} nodes`);
  return true;
}

/** The cloud takes nodes away, those with the highest numbers first, until somebody breaks that off; the balancer knows of it. */
export function* removeNodes({ target, traffic, note }: Scene, share: number, nodesPerMinute: number): Effect {
  const { site } = target;
  const { cluster } = site;
  const order = site.scaleDownStops;
  const tellBalancer = (): void => resizeTraffic(target, traffic);
  const wanted = Math.round(cluster.kubelets.count * share);
  let removed = nodesPerMinute === Infinity ? cluster.removeNodes(wanted) : 0;
  let allowance = 0;
  site.scaleDowns++;
  while (removed < wanted && cluster.kubelets.count > 0) {
    yield delay(BATCH);
    if (site.scaleDownStops !== order) break;
    allowance += (nodesPerMinute * BATCH) / seconds(60);
    const batch = Math.min(wanted - removed, Math.floor(allowance));
    allowance -= batch;
    removed += cluster.removeNodes(batch);
    tellBalancer();
  }
  tellBalancer();
  site.scaleDowns--;
  site.nodesTaken += removed;
  note('action', `cluster scaled down by ${removed} nodes`);
  return true;
}

/** A machine that the cloud gives takes so long to boot up to its kubelet (assumed). */
const BOOT: Duration = seconds(45);
/** And so long from its registration to a container runtime and a network (assumed). */
const GETTING_READY: Duration = seconds(10);
/** The balancer hears of machines that are there, which is looked at in every batch, so often at most. */
const LOOKS = 60;

const givenNodes = {
  startTime: { sample: () => BOOT },
  readyAfter: { sample: () => GETTING_READY },
  objects: 'kubelet',
} as const;

/**
 * The cloud gives as many machines as scale-downs have taken away: new ones, which have to join. False when there are none
 * to give, because none was taken or no rows were kept for them.
 */
export function* giveNodesBack({ target, traffic, note }: Scene, nodesPerMinute: number): Effect {
  const { site } = target;
  const { kubelets, joins } = site.cluster;
  const wanted = Math.min(site.nodesTaken, joins?.left ?? 0);
  if (joins === undefined || wanted === 0) return false;
  const aim = kubelets.count + wanted;
  site.nodesTaken -= wanted;
  let given = 0;
  for (let allowance = 0; given < wanted; ) {
    allowance = nodesPerMinute === Infinity ? wanted : allowance + (nodesPerMinute * BATCH) / seconds(60);
    const batch = Math.min(wanted - given, Math.floor(allowance));
    allowance -= batch;
    joins.join(batch, givenNodes);
    given += batch;
    if (given < wanted) yield delay(BATCH);
  }
  note('action', `${given} nodes given back`);
  for (let look = 0; look < LOOKS && kubelets.count < aim; look++) {
    yield delay(BATCH);
    resizeTraffic(target, traffic);
  }
  return true;
}

/** The balancer knows how many machines a cluster has, of those it needs. */
function resizeTraffic({ site, index }: Target, traffic: TrafficLevers): void {
  const { kubelets, options } = site.cluster;
  traffic.resize?.(index, Math.min(1, kubelets.count / options.nodes));
}

/** What is left of the present scale-downs does not happen; true where none is under way, too. */
export function* breakScaleDownOff({ target, note }: Scene): Effect {
  target.site.scaleDownStops++;
  if (target.site.scaleDowns > 0) note('action', 'scale-down broken off');
  return true;
}
