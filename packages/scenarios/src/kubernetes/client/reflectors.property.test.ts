import { ms, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { createWatchBench } from '../testing/watch-bench.ts';

const CLIENTS = 12;

const happening = fc.record({
  what: fc.constantFrom('kill', 'pods', 'leases', 'block', 'crash', 'stop', 'wait', 'close'),
  which: fc.nat(CLIENTS - 1),
  after: fc.integer({ min: 0, max: 60_000 }),
});

/**
 * Whatever happens, clients that are left alone for long enough watch again, their versions are never from the future, a
 * server holds exactly the watches that clients have, and everybody hears of the next write once.
 */
it.each([30, 31, 36])(
  'after any troubles everybody is current again, and no watch is left behind (1.%i)',
  (release) => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 12 }), fc.nat(1_000), (happenings, seed) => {
        const simulation = new Simulation({ seed });
        const made = createWatchBench(simulation, {
          release,
          apiServers: 2,
          cores: 2,
          etcdMembers: 3,
          pods: 25_000,
          page: { cpuMs: 500, etcdMs: 300, bytes: 100 },
          listFromCache: { cpuMs: 20, bytes: 50 },
          listFromEtcd: { cpuMs: 800, etcdMs: 400, bytes: 200 },
          fanOut: [10, 50, 20],
          cache: { bytesPerWatch: 7 },
        });
        const { controlPlane, writer, operations } = made;
        const all = made.reflectors({ clients: CLIENTS, hearsEach: true });
        const some = made.reflectors({ name: 'selective', clients: CLIENTS, index: (client) => client, operations });
        const groups = [all, some];
        for (const { reflectors } of groups) for (let client = 0; client < CLIENTS; client++) reflectors.start(client);
        for (const { what, which, after } of happenings) {
          advance(simulation, ms(after));
          if (what === 'kill') controlPlane.servers[which % 2]!.kill('memory');
          else if (what === 'pods') writer.write(which * 20, 'pod', which);
          else if (what === 'leases') writer.write(which * 20, 'lease');
          else if (what === 'crash') controlPlane.etcd.crash(which % 3);
          else if (what === 'close') all.reflectors.closeConnection(which);
          else if (what === 'block') {
            const isBlocked = controlPlane.isBlocked;
            if (isBlocked) controlPlane.unblock();
            else controlPlane.block();
            for (const { reflectors } of groups) {
              if (isBlocked) reflectors.pathOpened();
              else reflectors.pathBlocked();
            }
          } else if (what === 'stop') {
            some.reflectors.stop(which);
            some.reflectors.start(which);
          }
          for (const { reflectors } of groups) {
            for (let client = 0; client < CLIENTS; client++) {
              expect(reflectors.revision(client)).toBeLessThanOrEqual(controlPlane.etcd.revision);
            }
          }
          controlPlane.checkBooks();
        }
        if (controlPlane.isBlocked) {
          controlPlane.unblock();
          for (const { reflectors } of groups) reflectors.pathOpened();
        }
        advance(simulation, seconds(900));
        expect(groups.map(({ reflectors }) => reflectors.streamingCount)).toEqual([CLIENTS, CLIENTS]);
        const open = controlPlane.servers.reduce((sum, server) => sum + server.watchCaches!.watchers, 0);
        expect(open).toBe(2 * CLIENTS);
        expect(controlPlane.servers.reduce((sum, server) => sum + server.memoryBytes, 0)).toBe(7 * open);
        const before = groups.map(({ events }) => [...events]);
        writer.write(1, 'pod', 5);
        advance(simulation, seconds(1));
        expect([...all.events]).toEqual(before[0]!.map((events) => events + 1));
        expect([...some.events]).toEqual(before[1]!.map((events, client) => events + (client === 5 ? 1 : 0)));
        controlPlane.checkBooks();
      }),
      { seed: 20261124, numRuns: 40 },
    );
  },
);
