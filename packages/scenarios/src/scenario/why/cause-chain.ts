/**
 * The way back from a failed user request to the trigger, link by link, each with the mechanism that joins it to the one
 * before. Links come from evidence that was written down when it happened; where there is none, the chain says that it is
 * lost instead of naming what happened to be the latest trouble.
 *
 *   user request <- name <- its refresh <- API server: dead <- what it held <- who had asked <- agents <- rollout
 *                                               ^                 |  moved there by
 *                                               +---- an earlier death
 */
import type { Note } from '../../operations/chronicle.ts';
import type { Site } from '../../operations/site.ts';
import type { Death } from '../../operations/why/deaths.ts';
import type { NameFailure } from '../../operations/why/failure-book.ts';
import type { GroupInside, Inside } from '../../operations/why/inside.ts';
import type { World } from '../build.ts';
import type { CauseLink } from '../result.ts';
import {
  becauseOfAttempt,
  describeAttempt,
  describeDeath,
  describeHolder,
  describeInside,
  describeTrouble,
  percent,
} from './wording.ts';

/** A failed user request that was carried through as an event of its own: the leaf in place of the computed rates. */
export interface FailedRequest {
  /** Microseconds of the run. */
  readonly at: number;
  readonly cluster: string;
  /** What failed, in a few words. */
  readonly text: string;
  /** Why, when it was not for want of a name: the chain ends there unless `name` is true. */
  readonly because: string;
  /** True when a name could not be resolved; what is behind that is looked up. */
  readonly isForName: boolean;
}

/** Deaths that are told one by one before the chain skips to the first of them. */
const DEATHS_TOLD = 2;
/** Part of what was inside that must have come from elsewhere for the chain to follow it there. */
const NOTABLE = 0.25;

/** The chain, latest first; empty when no user request failed. */
export function causeChain(
  world: Pick<World, 'chronicle' | 'sites' | 'firstUserFailure'>,
  after: (instant: number) => number,
  clock: (t: number) => string,
  leaf?: FailedRequest,
): CauseLink[] {
  const note = world.chronicle.notes[world.firstUserFailure()];
  const start = leaf ?? (note === undefined ? undefined : leafOf(note, world.chronicle.notes));
  if (start === undefined) return [];
  const links: CauseLink[] = [];
  const add = (at: number, kind: string, text: string, because: string, cluster: string): void => {
    const t = after(at);
    links.push({ t, clock: clock(t), kind, text, cluster, because });
  };
  const site = world.sites.find(({ id }) => id === start.cluster);
  add(start.at, 'users', start.text, '', start.cluster);
  if (site === undefined || !start.isForName) {
    add(
      start.at,
      'lost',
      start.because,
      'that is what the request met; nothing behind it was written down',
      start.cluster,
    );
    return links;
  }
  new Chain(world.chronicle.notes, site, (at, kind, text, because) => add(at, kind, text, because, site.id)).follow(
    start,
  );
  return links;
}

function leafOf({ at, text, cluster = '', causedBy, trouble }: Note, notes: readonly Note[]): FailedRequest {
  const isForName = trouble === undefined ? notes[causedBy]?.kind === 'dns' : trouble === 'name';
  const because = isForName ? '' : `here the chain is lost: ${describeTrouble(trouble)}`;
  return { at, text, cluster, because, isForName };
}

/** Writes the links of one cluster. */
class Chain {
  readonly #notes: readonly Note[];
  readonly #site: Site;
  readonly #add: (at: number, kind: string, text: string, because: string) => void;
  #deathsTold = 0;

  constructor(
    notes: readonly Note[],
    site: Site,
    add: (at: number, kind: string, text: string, because: string) => void,
  ) {
    this.#notes = notes;
    this.#site = site;
    this.#add = add;
  }

  /** From the failed request on. */
  follow(leaf: FailedRequest): void {
    const failure = this.#site.failures.nameFailures.findLast(({ at }) => at <= leaf.at);
    if (failure === undefined) this.#nameServers(leaf.at);
    else this.#name(failure);
  }

  #name(failure: NameFailure): void {
    const { options } = this.#site.cluster;
    const names = options.registryDns?.names ?? 1;
    const [instance, name] = [Math.floor(failure.record / names), failure.record % names];
    this.#add(
      failure.at,
      'dns',
      `DNS instance ${instance} cannot answer for name ${name}: its record has run out and is not refreshed`,
      'a request fails when one of the names it needs cannot be resolved',
    );
    const { attempt } = failure;
    if (attempt === undefined) {
      this.#lost(failure.at, 'no attempt to refresh the record was found');
      return;
    }
    this.#add(
      attempt.at,
      'attempt',
      describeAttempt(attempt, failure.inside),
      'a record lives for its TTL, and is then read from the API again',
    );
    if (failure.isCut) this.#lost(attempt.at, 'the network path to the API had been closed, by whoever closed it');
    else if (failure.atEtcd !== undefined) this.#etcd(failure, failure.atEtcd);
    else if (failure.death >= 0) this.#death(failure.death, becauseOfAttempt(attempt));
    else if (failure.inside !== undefined) this.#busy(failure.at, attempt.server, failure.inside);
    else this.#lost(attempt.at, 'the state of the API server was not known');
  }

  /** Names come from CoreDNS itself: which replica failed is not written down, only what the API servers did before. */
  #nameServers(at: number): void {
    const because = 'a request fails when one of the names it needs cannot be resolved';
    this.#add(at, 'dns', 'the name servers of the cluster cannot answer', because);
    const death = this.#site.failures.deaths.all.findLast((one) => one.at <= at);
    if (death === undefined) this.#lost(at, 'no API server had died before');
    else this.#death(death.number, 'name servers read the API: this was the last API server to die before');
  }

  #death(number: number, because: string): void {
    const { deaths } = this.#site.failures;
    const death = deaths.all[number]!;
    this.#add(death.at, death.reason === 'memory' ? 'memory-kill' : 'api-server', describeDeath(death), because);
    this.#deathsTold++;
    if (death.reason === 'shutdown' || death.reason === 'machine-lost') {
      this.#add(
        death.at,
        'trigger',
        `API server ${death.server} was ${ending(death)}`,
        'that was done to it from outside',
      );
      return;
    }
    const holder = largest(death);
    if (holder === undefined) {
      this.#lost(death.at, 'nothing was inside it when it died');
      return;
    }
    this.#add(death.at, 'clients', describeHolder(death, holder), whyItDied(death));
    const parent = parentOf(death, holder);
    if (parent === undefined) this.#origin(death.at, holder);
    else if (this.#deathsTold < DEATHS_TOLD) this.#death(parent.death, movedText(parent, deaths.all[parent.death]!));
    else this.#firstDeath(parent.death);
  }

  /** Skips from one death to the first in its line. */
  #firstDeath(number: number): void {
    const { all } = this.#site.failures.deaths;
    let death = all[number]!;
    let skipped = 0;
    for (;;) {
      const holder = largest(death);
      const parent = holder === undefined ? undefined : parentOf(death, holder);
      if (parent === undefined) break;
      death = all[parent.death]!;
      skipped++;
    }
    const between = skipped === 0 ? '' : `, after ${skipped} more in between,`;
    this.#deathsTold = 0;
    this.#death(
      death.number,
      `clients of dead API servers moved on${between} and this was the first death in the line`,
    );
  }

  #busy(at: number, server: number, inside: Inside): void {
    const first = inside.groups[0];
    const { cores } = this.#site.cluster.controlPlane.servers[server]!.cpu;
    this.#add(at, 'api-server', describeInside(server, inside, cores), 'the attempt was with this server');
    if (first === undefined) {
      this.#lost(at, 'nothing else was inside the server');
      return;
    }
    const moved = [...first.moved.values()].sort((a, b) => b.requests - a.requests)[0];
    if (moved !== undefined && moved.requests >= NOTABLE * first.requests) {
      const share = percent(moved.requests / first.requests);
      const from = this.#site.failures.deaths.all[moved.death]!.server;
      this.#death(moved.death, `${share} of them had come from clients of API server ${from}, which had died`);
    } else {
      this.#origin(at, first);
    }
  }

  #etcd(failure: NameFailure, waiting: Inside): void {
    const killed = this.#site.failures.etcdDeaths.findLast(({ at }) => at <= failure.at);
    const inside = killed?.inside.groups[0] === undefined ? waiting : killed.inside;
    const at = killed?.at ?? failure.at;
    const text =
      killed === undefined
        ? `${waiting.requests} requests wait for etcd`
        : `etcd member ${killed.member} was killed for its memory`;
    this.#add(at, 'etcd', text, 'the attempt needed etcd');
    const first = inside.groups[0];
    if (first === undefined) {
      this.#lost(at, 'nobody else waited for etcd');
      return;
    }
    this.#add(
      at,
      'clients',
      `${first.requests} of ${inside.requests} were ${first.operation} of ${first.name}`,
      'reads hold memory and cores there',
    );
    this.#origin(at, first);
  }

  /** Where the requests of a group come from in the first place. */
  #origin(at: number, group: GroupInside): void {
    const { options } = this.#site.cluster;
    const { name } = options.daemon;
    if (group.name !== name && !group.name.startsWith(`${name}-`)) {
      const text = group.isRelist
        ? `${group.name} fill their stores again, and what broke their watches was not written down`
        : `requests of ${group.name} are there on any day: where the chain leads on from them is not known`;
      this.#lost(at, text);
      return;
    }
    const rollout = this.#notes.findLast(
      (note) => note.kind === 'rollout' && note.cluster === this.#site.id && note.at <= at,
    );
    if (rollout === undefined) {
      this.#lost(at, `agents of ${group.name} ran, and no rollout that started them was noted`);
      return;
    }
    const { operation, period } = options.daemon;
    const because =
      options.configuration === undefined
        ? `every node it selects starts an agent that sends ${operation} every ${Math.round(period / 1_000_000)} s`
        : 'the agent of every node was there already; what it watches has changed, and it writes its objects again';
    this.#add(rollout.at, 'rollout', rollout.text, because);
  }

  #lost(at: number, text: string): void {
    this.#add(at, 'lost', `here the chain is lost: ${text}`, 'nothing behind it was written down');
  }
}

interface Parent {
  readonly death: number;
  /** Share of what the holder had inside. */
  readonly share: number;
}

/** The group that held most of what the process died of. */
function largest({ reason, inside }: Death): GroupInside | undefined {
  const size = (group: GroupInside): number => (reason === 'memory' ? group.bytes : group.requests);
  return [...inside.groups].sort((a, b) => size(b) - size(a)).find((group) => size(group) > 0);
}

/** The death that had sent most of what a group had inside, when that was a notable part. */
function parentOf({ reason }: Death, holder: GroupInside): Parent | undefined {
  const size = (one: { requests: number; bytes: number }): number => (reason === 'memory' ? one.bytes : one.requests);
  const most = [...holder.moved.values()].sort((a, b) => size(b) - size(a))[0];
  if (most === undefined) return undefined;
  const share = size(most) / size(holder);
  return share < NOTABLE ? undefined : { death: most.death, share };
}

function movedText({ share }: Parent, { server }: Death): string {
  return `${percent(share)} of that was for clients of API server ${server}, which had died and sent them here`;
}

function whyItDied({ reason }: Death): string {
  return reason === 'memory'
    ? 'memory is held from the first byte read to the last byte sent, and the kernel kills at the limit'
    : 'its probes wait for the same cores as everybody, and the kubelet kills after enough failures';
}

function ending({ reason }: Death): string {
  return reason === 'shutdown' ? 'told to stop' : 'lost with its machine';
}
