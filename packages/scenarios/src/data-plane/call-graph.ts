/**
 * Who calls whom for a user request: a tree of services for each product, drawn by popularity from the names of the cluster.
 *
 * Calls go from less popular names to more popular ones, so the graph has no ring: what many need (identity, storage) lies at
 * the bottom and can start first.
 */
import { type Stream, zipf } from '@brownout/core';
import type { CallGraphOptions } from './options.ts';

/** The calls of one product, in the order in which a request makes them: a service before those it calls. */
export interface CallTree {
  /** Service at each step; step 0 is where requests come in. */
  readonly service: Int32Array;
  /** Step that makes the call; -1 at step 0. */
  readonly parent: Int32Array;
  /** Link that the call takes; -1 at step 0. */
  readonly link: Int32Array;
  /** The first step behind everything that the step causes. */
  readonly end: Int32Array;
}

/** Services that are called for users, and links between them. Services and links are numbered from 0. */
export interface CallGraph {
  /** Name of each service, as the DNS of the cluster numbers it. */
  readonly names: Int32Array;
  /** Caller and callee of each link, as services. */
  readonly callers: Int32Array;
  readonly callees: Int32Array;
  /** By product. */
  readonly trees: readonly CallTree[];
}

/** Draws a graph: a request of product `p` makes `calls[p]` calls among `names` names. */
export function drawCallGraph(
  calls: readonly number[],
  names: number,
  options: Pick<CallGraphOptions, 'fanOut' | 'popularity'>,
  stream: Stream,
): CallGraph {
  const popularity = zipf({ count: names, exponent: options.popularity });
  const chosen = calls.map((count) => {
    const services = new Set<number>();
    const wanted = Math.min(Math.round(count) + 1, names);
    // Names that are hard to draw are taken in the order of their popularity after many tries.
    for (let tries = 50 * wanted; tries > 0 && services.size < wanted; tries--)
      services.add(popularity.sample(stream) - 1);
    for (let name = 0; services.size < wanted; name++) services.add(name);
    return [...services].sort((a, b) => b - a);
  });
  const used = [...new Set(chosen.flat())].sort((a, b) => a - b);
  const serviceOf = new Map(used.map((name, service) => [name, service]));
  const links = new Map<string, number>();
  const callers: number[] = [];
  const callees: number[] = [];
  const linkBetween = (caller: number, callee: number): number => {
    const key = `${caller} ${callee}`;
    let link = links.get(key);
    if (link === undefined) {
      link = callers.push(caller) - 1;
      callees.push(callee);
      links.set(key, link);
    }
    return link;
  };
  const trees = chosen.map((list) =>
    growTree(
      list.map((name) => serviceOf.get(name)!),
      options.fanOut,
      linkBetween,
    ),
  );
  return { names: Int32Array.from(used), callers: Int32Array.from(callers), callees: Int32Array.from(callees), trees };
}

/** Fills a tree level by level, then numbers its steps in the order of the calls. */
function growTree(
  services: readonly number[],
  fanOut: number,
  linkBetween: (caller: number, callee: number) => number,
): CallTree {
  const count = services.length;
  const service = new Int32Array(count);
  const parent = new Int32Array(count).fill(-1);
  const link = new Int32Array(count).fill(-1);
  const end = new Int32Array(count);
  let next = 0;
  const visit = (place: number, caller: number): void => {
    const step = next++;
    service[step] = services[place]!;
    parent[step] = caller;
    if (caller >= 0) link[step] = linkBetween(service[caller]!, service[step]!);
    for (let child = place * fanOut + 1; child <= (place + 1) * fanOut && child < count; child++) visit(child, step);
    end[step] = next;
  };
  if (count > 0) visit(0, -1);
  return { service, parent, link, end };
}
