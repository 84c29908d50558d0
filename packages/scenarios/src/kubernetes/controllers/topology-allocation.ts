/**
 * How many endpoints of a Service each zone is to have by topology hints: in proportion to the CPU of its ready nodes, so
 * that no endpoint gets more than 20 % above its share of the traffic. All numbers are indexed by zone; a zone without a
 * ready node has the ratio 0 and takes no part.
 *
 * Source: kubernetes/kubernetes staging/src/k8s.io/endpointslice/topologycache, topologycache.go (SetNodes, getAllocations)
 * and utils.go (getGivingAndReceivingZones, serviceOverloaded). Maps upstream have no order: where two zones are alike, the
 * one with the lower number comes first here.
 */

/** What an endpoint may get above its share. Source: topologycache.go, overloadThreshold. */
const OVERLOAD_THRESHOLD = 0.2;
const LEAST_SHARE = 1 / (1 + OVERLOAD_THRESHOLD);

/** Endpoints that zones are to have. */
export interface ZoneAllocations {
  readonly minimum: Int32Array;
  readonly maximum: Int32Array;
  readonly desired: Float64Array;
}

/** Endpoints that change their zone, by zone that gives or receives them. */
export interface ZoneTransfers {
  readonly giving: Int32Array;
  readonly receiving: Int32Array;
}

/** Share of each zone in the CPU of ready nodes, all of them alike; undefined where fewer than two zones have any. */
export function cpuRatios(readyNodes: ArrayLike<number>): Float64Array | undefined {
  let total = 0;
  let zones = 0;
  for (let zone = 0; zone < readyNodes.length; zone++) {
    total += readyNodes[zone]!;
    if (readyNodes[zone]! > 0) zones++;
  }
  return zones < 2 ? undefined : Float64Array.from(readyNodes, (nodes) => nodes / total);
}

/** Endpoints that each zone needs at least; 0 where it takes no part. */
function leastEndpoints(endpoints: number, ratio: number): number {
  return Math.ceil(endpoints * ratio * LEAST_SHARE);
}

/** What zones are to have of so many ready endpoints; undefined where there are too few of them for hints. */
export function allocationsOf(ratios: Float64Array | undefined, endpoints: number): ZoneAllocations | undefined {
  if (ratios === undefined) return undefined;
  const minimum = new Int32Array(ratios.length);
  const desired = new Float64Array(ratios.length);
  let zones = 0;
  let spare = endpoints;
  for (let zone = 0; zone < ratios.length; zone++) {
    if (ratios[zone] === 0) continue;
    zones++;
    minimum[zone] = leastEndpoints(endpoints, ratios[zone]!);
    desired[zone] = Math.max(ratios[zone]! * endpoints, minimum[zone]!);
    spare -= minimum[zone]!;
  }
  if (zones > endpoints || spare < 0) return undefined;
  return { minimum, desired, maximum: minimum.map((least, zone) => (ratios[zone] === 0 ? 0 : least + spare)) };
}

/**
 * Who gives endpoints to whom, when zones have hints from `hints` on: one at a time from the zone with most too many to the
 * one that lacks most, until either has less than half an endpoint left, or both less than one.
 */
export function transfersOf(allocations: ZoneAllocations, hints: ArrayLike<number>): ZoneTransfers {
  const { desired, maximum } = allocations;
  const giving = new Int32Array(desired.length);
  const receiving = new Int32Array(desired.length);
  const tooMany = desired.map((target, zone) => (maximum[zone] === 0 ? 0 : Math.max(0, hints[zone]! - target)));
  const lacking = desired.map((target, zone) => Math.max(0, target - hints[zone]!));
  for (;;) {
    const giver = mostOf(tooMany);
    const receiver = mostOf(lacking);
    const given = tooMany[giver]!;
    const needed = lacking[receiver]!;
    if (given < 0.5 || needed < 0.5 || (given < 1 && needed < 1)) return { giving, receiving };
    giving[giver]!++;
    tooMany[giver]!--;
    receiving[receiver]!++;
    lacking[receiver]!--;
  }
}

/** The zone with the highest number. */
function mostOf(values: Float64Array): number {
  let most = 0;
  for (let zone = 1; zone < values.length; zone++) if (values[zone]! > values[most]!) most = zone;
  return most;
}

/** Whether a zone has too few of the endpoints that `hints` counts from `first` on, as nodes are now. */
export function isOverloaded(ratios: Float64Array | undefined, hints: ArrayLike<number>, first: number): boolean {
  if (ratios === undefined) return true;
  let total = 0;
  for (let zone = 0; zone < ratios.length; zone++) total += hints[first + zone]!;
  for (let zone = 0; zone < ratios.length; zone++) {
    if (hints[first + zone]! < leastEndpoints(total, ratios[zone]!)) return true;
  }
  return false;
}
