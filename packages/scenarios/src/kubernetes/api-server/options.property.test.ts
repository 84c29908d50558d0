import { type Duration, ms, plus, seconds, Simulation, us, minutes } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFlowControlConfiguration } from '../flow-control/configuration.ts';
import { userIdentity } from '../flow-control/identity.ts';
import type { OperationName } from '../requests/operation.ts';
import { Callers, createBench, flatCosts } from '../testing/bench.ts';
import { startProbes } from './probes.ts';
import type { ListMemory } from './list-memory.ts';

const operations: readonly OperationName[] = [
  'list-pods-etcd-json',
  'list-pods-cache-json',
  'get',
  'lease-update',
  'pod-create',
];

const MIB = 2 ** 20;
const acts = [
  'send',
  'send',
  'send',
  'send',
  'send',
  'kill',
  'terminate',
  'lose zone',
  'lose zone',
  'restore zone',
  'forbid',
  'throttle',
  'block',
  'webhook',
  'slow etcd',
  'slow etcd',
  'slow etcd',
  'resize',
  'lose zone while etcd reads',
] as const;

const command = fc.record({
  act: fc.constantFrom(...acts),
  after: fc.nat(6_000_000),
  client: fc.nat(39),
  operation: fc.nat(operations.length - 1),
  which: fc.nat(2),
  isOn: fc.boolean(),
});

/** Everything that can be switched on is on. */
function everything(simulation: Simulation, listMemory: ListMemory) {
  const bench = createBench(simulation, {
    apiServers: 3,
    cores: 2,
    memory: 2500 * MIB,
    etcdMembers: 3,
    etcdMemory: 3000,
    connectionCpu: ms(2),
    refusalCpu: us(300),
    listSeats: 3,
    costs: flatCosts(
      {
        'list-pods-etcd-json': { cpuMs: 700, etcdMs: 300, bytes: 90 * MIB, etcdBytes: 50, answerBytes: 2000 },
        'list-pods-cache-json': { cpuMs: 12_000, bytes: 60 * MIB, answerBytes: 2000 },
        'pod-create': { cpuMs: 3, etcdMs: 1 },
        probe: { cpuMs: 1, etcdMs: 1 },
        'cache-fill': { cpuMs: 500, etcdMs: 200 },
      },
      { apiServer: 800 * MIB, etcd: 100 },
    ),
    apiServer: {
      enforcesRequestTimeout: true,
      flowControl: { configuration: createFlowControlConfiguration({}), requestTimeout: seconds(15) },
      cancellation: { decodeShare: 0.5 },
      compression: 2,
      savedCopies: 5000,
      listMemory,
      heap: { scavengeBytesPerSecond: MIB },
      collector: { bytesPerCoreSecond: 1000 * MIB },
      etcdCheck: {},
      shutdown: { delay: seconds(3), watchGrace: seconds(5) },
    },
    controlPlane: {
      balancer: 'least-connections',
      goawayChance: 0.02,
      connections: { streams: 2, idleTimeout: seconds(20) },
      zones: ['a', 'b', 'c'],
      silenceTimeout: seconds(20),
      webhooks: [
        {
          name: 'policy',
          kind: 'validating',
          operations: ['pod-create'],
          latency: { sample: (stream) => us(1 + stream.integer(3_000_000)) },
          timeout: seconds(2),
        },
      ],
    },
  });
  startProbes(simulation, bench.controlPlane, {
    period: seconds(5),
    timeout: seconds(4),
    failureThreshold: 3,
    dialsEachTime: true,
    startupFailureThreshold: 4,
  });
  return bench;
}

it('with every option on, whatever happens, every attempt ends once, and an idle plane holds nothing', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 20, maxLength: 120 }), fc.nat(1000), (commands, seed) => {
      const simulation = new Simulation({ seed });
      const { controlPlane } = everything(simulation, seed % 2 === 0 ? 'as-it-works' : 'at-once');
      const groups = [7, 30, 90].map(
        (timeout, index) =>
          new Callers(simulation, controlPlane, {
            name: `callers-${index}`,
            clients: 40,
            timeout: seconds(timeout),
            bytesPerSecond: [Infinity, 500, 50][index]!,
            describe: (client) => ({ ...userIdentity(`user-${client % 5}`), verb: 'list', resource: 'pods' }),
          }),
      );
      for (const { act, after, client, operation, which, isOn } of commands) {
        simulation.runUntil(plus(simulation.now, after as Duration));
        const callers = groups[which]!;
        const server = controlPlane.servers[which]!;
        if (act === 'send') for (let i = 0; i < 4; i++) callers.send((client + i) % 40, operations[operation], i === 3);
        else if (act === 'kill') server.kill('memory');
        else if (act === 'terminate') server.terminate({ watches: client, restartWait: seconds(1) });
        else if (act === 'lose zone') controlPlane.zones.fail('abc'[which]!);
        else if (act === 'restore zone') controlPlane.zones.restore('abc'[which]!);
        else if (act === 'forbid') controlPlane.door.forbid(callers.group, isOn);
        else if (act === 'throttle') controlPlane.door.throttle([callers.group], isOn ? 1 : Infinity);
        else if (act === 'block') isOn && which === 0 ? controlPlane.block() : controlPlane.unblock();
        else if (act === 'webhook') controlPlane.webhooks!.setBackend('policy', isOn ? 'up' : 'silent');
        else if (act === 'slow etcd') controlPlane.etcd.members[which]!.setCores(isOn ? 1 : 0.0001);
        else if (act === 'lose zone while etcd reads') {
          for (const member of controlPlane.etcd.members) member.setCores(0.0001);
          for (let i = 0; i < 12; i++) callers.send(i, 'list-pods-etcd-json');
          simulation.runUntil(plus(simulation.now, seconds(1)));
          controlPlane.zones.fail('abc'[client % 3]!);
          simulation.runUntil(plus(simulation.now, seconds(client % 20)));
          for (const member of controlPlane.etcd.members) member.setCores(1);
        } else server.resize(2 + client / 10, 2500 * MIB);
        controlPlane.checkBooks();
      }
      for (const member of controlPlane.etcd.members) member.setCores(1);
      for (const zone of 'abc') controlPlane.zones.restore(zone);
      controlPlane.unblock();
      simulation.runUntil(plus(simulation.now, minutes(8)));
      controlPlane.checkBooks();
      for (const { group } of groups) expect(group.inside).toBe(0);
      const own = new Set<number>();
      controlPlane.requests.forEachOpen((row) => own.add(controlPlane.requests.operation[row]!));
      // What is still open can only be a probe on its way.
      for (const operation of own) expect(operation).toBe(controlPlane.operations.number('probe'));
      for (const server of controlPlane.servers) {
        expect(server.memory.heldBytes).toBe(0);
        const probes = server.pipeline.inside.count;
        const seats = server.flowControl.levels.reduce((sum, level) => sum + level.seatsInUse, 0);
        expect(seats).toBeLessThanOrEqual(probes);
      }
    }),
    { seed: 24, numRuns: 80 },
  );
});
