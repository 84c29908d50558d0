/**
 * A workbench for tests of feedback loops: a cluster with hardly any load of its own, clients that arrive at random and
 * repeat what fails with a given probability, and a history that is closed every minute.
 */
import { type Duration, type EventType, minutes, ms, seconds, Simulation, Trace } from '@brownout/core';
import { ClientGroup } from '../../../kubernetes/client/client-group.ts';
import { breakGlassAdmin, type Identity } from '../../../kubernetes/flow-control/identity.ts';
import { Status } from '../../../kubernetes/requests/api-request.ts';
import { type OperationName, operationNumber } from '../../../kubernetes/requests/operation.ts';
import {
  advance,
  type ClusterBenchOptions,
  clusterOptions,
  type FlatCost,
  flatCosts,
} from '../../../kubernetes/testing/bench.ts';
import { Chronicle } from '../../../operations/chronicle.ts';
import { Site } from '../../../operations/site.ts';
import { measureLoop } from '../find-loops.ts';
import type { Loop, LoopCandidate } from '../loop.ts';
import { LoopHistory } from '../loop-history.ts';

/** A cluster on the bench. */
export interface LoopBench {
  readonly simulation: Simulation;
  readonly chronicle: Chronicle;
  readonly site: Site;
  readonly history: LoopHistory;
  /** Runs on for so many whole minutes, looking every five seconds. */
  run(count: number): void;
  /** What a candidate finds. */
  find(candidate: LoopCandidate): Loop;
}

/** One node whose heartbeats cost next to nothing, and probes that never kill; costs of operations as given. */
export function createLoopBench(
  seed: number,
  costs: Partial<Record<OperationName, FlatCost>>,
  options: ClusterBenchOptions = {},
): LoopBench {
  const simulation = new Simulation({ seed: `${seed}` });
  const chronicle = new Chronicle(simulation, new Trace(simulation, { keep: 'none' }));
  const free = { cpuMs: 0.001 };
  const cluster = clusterOptions('bench', {
    nodes: 1,
    apiServers: 1,
    cores: 1,
    usesExpressLane: false,
    ...options,
    costs: flatCosts({ 'lease-update': free, 'node-status-patch': free, probe: free, 'kubelet-sync': free, ...costs }),
  });
  const patient = { ...cluster, probes: { ...cluster.probes, failureThreshold: 1_000_000 } };
  const site = new Site(simulation, chronicle, patient, { isStaging: false, traffic: 1 });
  const history = new LoopHistory(site);
  return {
    simulation,
    chronicle,
    site,
    history,
    run: (count) => {
      for (let step = 1; step <= count * 12; step++) {
        advance(simulation, seconds(5));
        history.sample();
        if (step % 12 === 0) history.close(simulation.now);
      }
    },
    find: (candidate) => measureLoop(candidate, history, (instant) => instant / 1_000_000),
  };
}

/** How clients behave. */
export interface RepeatingOptions {
  readonly name?: string;
  readonly operation: OperationName;
  readonly timeout: Duration;
  /** Probability that a failure is repeated. */
  readonly repeats: number;
  /** Repetitions of one request, at most; default without limit. */
  readonly most?: number;
  readonly pause?: Duration;
  /** Default an administrator, whom flow control never keeps waiting. */
  readonly identity?: Identity;
}

/** Clients that send requests at random instants, at a rate that may be changed, and repeat what fails. */
export class RepeatingClients {
  readonly group: ClientGroup;
  /** Requests per second. */
  rate = 0;
  readonly #bench: LoopBench;
  readonly #options: RepeatingOptions;
  readonly #number: number;
  readonly #again: EventType;
  #repeated: number[] = [];

  constructor(bench: LoopBench, options: RepeatingOptions) {
    this.#bench = bench;
    this.#options = options;
    this.group = new ClientGroup({
      name: options.name ?? 'repeating',
      describe: () => ({ ...(options.identity ?? breakGlassAdmin), verb: 'get', resource: 'pods' }),
      timeout: options.timeout,
      clients: 1,
      isInside: false,
      countsForAvailability: true,
      onReply: (request, status) => this.#ended(request, status),
    });
    const { simulation, site } = bench;
    this.#number = site.cluster.join(this.group);
    const chance = simulation.streams.get('repeating/arrivals');
    this.#again = simulation.event('again', (request) => this.#send(request));
    const arrival: EventType = simulation.event('arrival', () => {
      arrival.after(this.rate === 0 ? ms(100) : (Math.ceil(chance.exponential(1_000_000 / this.rate)) as Duration));
      if (this.rate > 0) this.#send(this.#repeated.push(0) - 1);
    });
    arrival.after(ms(1));
  }

  #send(request: number): void {
    const operation = operationNumber(this.#options.operation);
    const isRepetition = this.#repeated[request]! > 0;
    this.#bench.site.cluster.controlPlane.send(this.#number, 0, operation, request, isRepetition);
  }

  #ended(request: number, status: number): void {
    const { repeats, most = Infinity, pause = seconds(1) } = this.#options;
    if (status === Status.ok || this.#repeated[request]! >= most) return;
    if (repeats < 1 && this.#bench.simulation.streams.get('repeating/chance').uniform() >= repeats) return;
    this.#repeated[request]!++;
    this.#again.after(pause, request);
  }
}

/** Clients that always have a long request under way, each holding memory; they ask again a second after a failure. */
export class HoldingClients {
  readonly group: ClientGroup;

  constructor(bench: LoopBench, name: string, count: number) {
    const { simulation, site } = bench;
    const { controlPlane } = site.cluster;
    const operation = operationNumber('list-pods-cache-json');
    const number = controlPlane.groups.length;
    const ask: EventType = simulation.event(`${name} ask`, (client) => controlPlane.send(number, client, operation));
    this.group = new ClientGroup({
      name,
      describe: () => ({ ...breakGlassAdmin, verb: 'list', resource: 'pods' }),
      timeout: minutes(60),
      dialTimeout: seconds(5),
      clients: count,
      isInside: false,
      countsForAvailability: true,
      onReply: (client) => void ask.after(seconds(1), client),
    });
    controlPlane.join(this.group);
    for (let client = 0; client < count; client++) {
      const server = client % controlPlane.balanced.length;
      this.group.connect(client, server, controlPlane.servers[server]!.life);
      ask.after(ms(client), client);
    }
  }
}
