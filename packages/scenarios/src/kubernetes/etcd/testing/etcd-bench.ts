/**
 * An etcd cluster on the workbench: requests without API servers, answers written down, and what a test varies in one
 * place. API server i asks member i.
 */
import { type Duration, ms, seconds, Simulation, type Stream } from '@brownout/core';
import type { ListMemory } from '../../api-server/list-memory.ts';
import { Phase, RequestTable } from '../../requests/api-request.ts';
import { type DeclaredOperation, type OperationName, OperationTable } from '../../requests/operation.ts';
import { type FlatCost, flatCosts } from '../../testing/bench.ts';
import { Etcd } from '../etcd.ts';
import { type EtcdOptions, EtcdOutcome, type RaftOptions, type StorageOptions } from '../options.ts';

/** One answer; `at` and `took` in milliseconds. */
export interface EtcdAnswer {
  readonly label: number;
  readonly outcome: keyof typeof EtcdOutcome;
  readonly at: number;
  readonly took: number;
}

/** What a test varies. */
export interface EtcdBenchOptions {
  readonly members?: number;
  readonly cores?: number;
  readonly memory?: number;
  readonly listMemory?: ListMemory;
  readonly baseline?: number;
  readonly seed?: number;
  readonly costs?: Partial<Record<OperationName, FlatCost>>;
  /** Default 2 ms, always. */
  readonly fsync?: (stream: Stream) => Duration;
  readonly raft?: Partial<RaftOptions>;
  readonly storage?: Partial<StorageOptions>;
  /** Size of every object as stored; default 1,000 bytes. */
  readonly storedBytes?: number;
  /** Called after every answer. */
  readonly onAnswer?: (answer: EtcdAnswer) => void;
}

/** A deletion that needs no update before it, of no cost. */
const plainDelete: DeclaredOperation = {
  name: 'plain-delete',
  path: 'write',
  isList: false,
  effect: 'delete',
  costs: { apiServerCpu: zero(), etcdCpu: zero(), apiServerMemory: zero(), etcdMemory: zero() },
};

function zero(): { evaluate(): number } {
  return { evaluate: () => 0 };
}

/** A cluster under test. */
export interface EtcdBench {
  readonly simulation: Simulation;
  readonly etcd: Etcd;
  readonly requests: RequestTable;
  readonly answers: EtcdAnswer[];
  readonly events: string[];
  /** Sends a request as API server `server`; returns its label, which counts from 0 and is the request's subject. */
  ask(operation: OperationName | 'plain-delete', server?: number, isSerializable?: boolean): number;
  /** Runs on. */
  advance(time: number): void;
}

const names = Object.keys(EtcdOutcome) as (keyof typeof EtcdOutcome)[];

/** Makes a cluster of the raft model: three members on one core each in one zone, a round trip of 1 ms, unless said otherwise. */
export function createEtcdBench(options: EtcdBenchOptions = {}): EtcdBench {
  const simulation = new Simulation({ seed: options.seed ?? 1 });
  const requests = new RequestTable();
  const operations = new OperationTable(flatCosts(options.costs, { etcd: options.baseline ?? 0 }), () => 1, [
    plainDelete,
  ]);
  const pods = { count: 1, jsonBytes: 0, storedBytes: options.storedBytes ?? 1000 };
  operations.resize({ pods: 1, nodes: 1, stored: { pods } });
  const answers: EtcdAnswer[] = [];
  const events: string[] = [];
  const sent = new Map<number, { label: number; at: number }>();
  const etcd = new Etcd(simulation, 'etcd', etcdOptions(options), {
    requests,
    operations,
    client: {
      etcdAnswered: (request, _ok, outcome) => {
        const { label, at } = sent.get(request)!;
        sent.delete(request);
        const { now } = simulation;
        const answer: EtcdAnswer = { label, outcome: names[outcome]!, at: now / 1000, took: (now - at) / 1000 };
        answers.push(answer);
        requests.close(request);
        options.onAnswer?.(answer);
      },
    },
    observer: {
      etcdMemberKilled: (member) => events.push(`${member} killed`),
      etcdMemberBack: (member) => events.push(`${member} back`),
      etcdLeaderElected: (member, term) => events.push(`${member} leads term ${term}`),
      etcdAlarmRaised: (member) => events.push(`${member} full`),
    },
  });
  let labels = 0;
  const ask: EtcdBench['ask'] = (operation, server = 0, isSerializable = false) => {
    const request = requests.open(0, 0, operations.number(operation));
    requests.server[request] = server;
    requests.subject[request] = labels;
    requests.phase[request] = operation.startsWith('get') ? Phase.reading : Phase.writing;
    if (sent.has(request)) throw new Error(`request row ${request} was handed out twice`);
    sent.set(request, { label: labels, at: simulation.now });
    etcd.submit(request, isSerializable);
    return labels++;
  };
  const advance = (time: number): void => void simulation.runUntil((simulation.now + time) as never);
  return { simulation, etcd, requests, answers, events, ask, advance };
}

function etcdOptions(options: EtcdBenchOptions): EtcdOptions {
  return {
    members: options.members ?? 3,
    coresPerMember: options.cores ?? 1,
    memoryLimitBytes: options.memory ?? Infinity,
    listMemory: options.listMemory ?? 'at-once',
    fsync: { sample: options.fsync ?? (() => ms(2)) },
    restart: seconds(30),
    election: ms(1500),
    requestTimeout: seconds(7),
    raft: { sameZoneRoundTrip: ms(1), otherZoneRoundTrip: ms(4), ...options.raft },
    ...(options.storage === undefined ? {} : { storage: options.storage }),
  };
}

/** Answers by label. */
export function answerOf(bench: EtcdBench, label: number): EtcdAnswer | undefined {
  return bench.answers.find((answer) => answer.label === label);
}
