/** Runs a control plane under declared load: phase after phase, replication after replication. Synchronous. */
import { meanInterval, plus, seconds, Simulation, type Instant, type RunOptions } from '@brownout/core';
import { engineVersion } from '../../version.ts';
import { documentHash } from '../hash.ts';
import type { ControlPlaneDocument, ControlPlaneScenario, PhaseSection } from './document.ts';
import { LeaseClients } from './lease-clients.ts';
import { Agents, createBurst, createStream, type Load } from './loads.ts';
import { createMachine, type Machine } from './machine.ts';
import { ClientBook } from './phase-book.ts';
import type { ControlPlaneResult, ControlPlaneRun, PhaseResult, Spread } from './result.ts';
import { parseControlPlane } from './schema.ts';
import { Watchers } from './watchers.ts';

/** How a document is run and watched. */
export interface RunControlPlaneOptions {
  /** Default 1. */
  readonly seed?: number | string;
  /** Default 1. */
  readonly replications?: number;
  /** What messages call the document; default its id. */
  readonly origin?: string;
  /** Called after each replication. */
  readonly onProgress?: (done: number, replications: number) => void;
  /** Called now and then with how far the replication at hand is, in seconds from its start. */
  readonly onTime?: (simulatedSeconds: number, endSeconds: number) => void;
  /** An AbortSignal or anything shaped like one. The replication at hand is then left out of the result. */
  readonly abort?: { readonly aborted: boolean };
}

/** Runs a document. Throws `DocumentError` when it is not valid. */
export function runControlPlane(
  document: ControlPlaneDocument,
  options: RunControlPlaneOptions = {},
): ControlPlaneResult {
  const scenario = parseControlPlane(document, options.origin ?? String(document.id));
  const { replications = 1 } = options;
  if (!(Number.isSafeInteger(replications) && replications >= 1)) {
    throw new RangeError(`runControlPlane: replications must be a whole number >= 1, got ${replications}`);
  }
  const seed = String(options.seed ?? 1);
  const runs: ControlPlaneRun[] = [];
  while (runs.length < replications && options.abort?.aborted !== true) {
    const run = runOnce(scenario, seed, runs.length, options);
    if (run === undefined) break;
    runs.push(run);
    options.onProgress?.(runs.length, replications);
  }
  return {
    schema: 'brownout/control-plane-result@1',
    scenario: scenario.id,
    title: scenario.title,
    documentHash: documentHash(document),
    engineVersion,
    seed,
    replications: runs.length,
    runs,
  };
}

/** Median, mean and quantiles of one measure; replications without a value (null) are left out. */
export function spreadOf(measured: readonly (number | null)[]): Spread | null {
  const values = measured.filter((value) => value !== null).sort((a, b) => a - b);
  if (values.length === 0) return null;
  const interval = values.length < 2 ? undefined : meanInterval(values, 0.95);
  return {
    median: quantile(values, 0.5),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    lo: interval?.low ?? null,
    hi: interval?.high ?? null,
    q05: quantile(values, 0.05),
    q95: quantile(values, 0.95),
    n: values.length,
  };
}

/** Between the two values around it, linearly. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)]! - below);
}

function runOnce(
  scenario: ControlPlaneScenario,
  seed: string,
  replication: number,
  { onTime, abort }: RunControlPlaneOptions,
): ControlPlaneRun | undefined {
  const simulation = new Simulation({ seed, replication });
  const costFactor = scenario.costFactor * drawnFactor(simulation, scenario.costSpread);
  const world = new World(simulation, scenario, createMachine(simulation, scenario, costFactor));
  const end = scenario.phases.reduce((sum, { lasts }) => sum + lasts, 0);
  const watched = {
    onProgress: (now: Instant) => onTime?.(now / 1_000_000, end / 1_000_000),
    ...(abort === undefined ? {} : { abort }),
  };
  const phases = scenario.phases.map((phase) => world.runPhase(phase, watched));
  if (abort?.aborted === true) return undefined;
  world.machine.controlPlane.checkBooks();
  return { costFactor, phases, eventCount: simulation.eventCount };
}

/** Half of the runs cost less than measured, evenly down to 1 / (1 + spread), and half more, evenly up to 1 + spread. */
function drawnFactor(simulation: Simulation, spread: number): number {
  const draw = 2 * simulation.streams.get('unit-costs').uniform() - 1;
  return draw < 0 ? 1 + draw * (1 - 1 / (1 + spread)) : 1 + draw * spread;
}

/** Everything that runs in one replication. */
class World {
  readonly machine: Machine;
  readonly #simulation: Simulation;
  readonly #scenario: ControlPlaneScenario;
  readonly #books: ClientBook[] = [];
  readonly #loads: Map<string, Load> = new Map();
  readonly #leases: LeaseClients[] = [];
  readonly #watchers: Watchers[] = [];
  readonly #kill: (at: Instant) => void;
  #cpu: readonly [number, number] = [0, 0];
  #kills = 0;

  constructor(simulation: Simulation, scenario: ControlPlaneScenario, machine: Machine) {
    this.#simulation = simulation;
    this.#scenario = scenario;
    this.machine = machine;
    const { servers } = machine.controlPlane;
    const kill = simulation.event('kill', () => {
      for (const server of servers) server.kill('liveness');
    });
    this.#kill = (at) => void kill.at(at);
    for (const client of scenario.clients) this.#addClient(client);
    this.#noteReasons();
  }

  runPhase(phase: PhaseSection, watched: RunOptions): PhaseResult {
    const { now } = this.#simulation;
    for (const client of this.#scenario.clients) {
      const usual = client.kind === 'leases' ? client.count : 0;
      this.#loads.get(client.name)?.set(phase.load[client.name] ?? usual);
    }
    for (const { at } of phase.faults) this.#kill(plus(now, at));
    this.#simulation.runUntil(plus(now, phase.lasts), watched);
    return this.#close(phase);
  }

  #addClient(client: ControlPlaneScenario['clients'][number]): void {
    const book = new ClientBook(client.name);
    if (client.kind !== 'watchers') this.#books.push(book);
    const { controlPlane } = this.machine;
    const common = { simulation: this.#simulation, controlPlane, book };
    if (client.kind === 'leases') {
      const leases = new LeaseClients(client, { ...common, put: this.machine.leasePut, get: this.machine.leaseGet });
      this.#leases.push(leases);
      this.#loads.set(client.name, leases);
    } else if (client.kind === 'watchers') {
      const watched = this.machine.watched.get(client.name)!;
      this.#watchers.push(new Watchers(this.#simulation, client, { controlPlane, watched }));
    } else {
      const parts = { ...common, pages: this.machine.pages(client), tokens: this.machine.tokens(client) };
      const largest = Math.max(1, ...this.#scenario.phases.map((phase) => phase.load[client.name] ?? 0));
      if (client.kind === 'stream') this.#loads.set(client.name, createStream(client, parts));
      else if (client.kind === 'burst') this.#loads.set(client.name, createBurst(client, largest, parts));
      else this.#loads.set(client.name, new Agents(client, largest, parts));
    }
  }

  /** Clients hear 429; why, only the server knows. */
  #noteReasons(): void {
    const { controlPlane } = this.machine;
    const books = new Map(this.#books.map((book) => [book.name, book] as const));
    const nothing = (): void => {};
    controlPlane.requestObserver = {
      arrived: nothing,
      executing: nothing,
      rejected: (request, reason) =>
        books.get(controlPlane.groups[controlPlane.requests.group[request]!]!.name)?.turnedAway(reason),
      abandoned: nothing,
      answered: nothing,
      serverEnded: nothing,
    };
  }

  #close(phase: PhaseSection): PhaseResult {
    const length = phase.lasts / seconds(1);
    const cpu = [this.machine.apiServerCpu(), this.machine.etcdCpu()] as const;
    const cores = (which: 0 | 1): number => (cpu[which] - this.#cpu[which]) / phase.lasts;
    const kills = this.machine.controlPlane.servers.reduce((sum, server) => sum + server.memoryKills, 0);
    const ages = this.#leases.map((leases) => leases.close());
    const result = {
      name: phase.name,
      seconds: length,
      clients: this.#books.map((book) => book.close(length)),
      leases:
        ages.length === 0
          ? null
          : {
              oldestAgeSeconds: Math.max(...ages.map((age) => age.oldestAgeSeconds)),
              staleFor20Seconds: ages.reduce((sum, age) => sum + age.staleFor20Seconds, 0),
              staleFor40Seconds: ages.reduce((sum, age) => sum + age.staleFor40Seconds, 0),
            },
      watchers: this.#watchers.map((watchers) => watchers.close()),
      apiServerCores: cores(0) + this.#scenario.apiServers.background,
      etcdCores: cores(1) + this.#scenario.etcd.background,
      ...this.#peaks(),
      apiServerKills: kills - this.#kills,
    };
    this.#cpu = cpu;
    this.#kills = kills;
    return result;
  }

  #peaks(): Pick<PhaseResult, 'apiServerPeakBytes' | 'etcdPeakBytes'> {
    const { servers, etcd } = this.machine.controlPlane;
    return {
      apiServerPeakBytes: Math.max(...servers.map((one) => Math.max(one.peakMemoryBytes, one.memoryBytes))),
      etcdPeakBytes: Math.max(
        ...etcd.members.map((_, member) => Math.max(etcd.peakMemoryBytes(member), etcd.memoryBytes(member))),
      ),
    };
  }
}
