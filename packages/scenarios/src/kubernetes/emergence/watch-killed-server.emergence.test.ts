/**
 * One API server on one core, 500 or 1,000 watchers of 2,000 pods, kill -9, a new process 3 s later: the set-up of
 * experiment E10 of the measurements (its result is not known here).
 *
 * Argued before the run, from the algorithm and from one unit cost, 181 ms of CPU for one LIST of 2,000 pods from the cache
 * as gzipped JSON (list_cost_fit.csv):
 * - Every stream ends at once. For client-go that is a watch that is over: it watches again without a LIST, is refused, and
 *   tries again after 0.8 to 1.6 s, then 1.6 to 3.2 s, and so on. Nobody lists because of the death itself.
 * - The new cache begins at etcd's version. 100 leases have moved that past everything the watchers of quiet pods have seen,
 *   so each of them, having hung for the short filling, is told 410 exactly once and lists: N LISTs. It is not the death but
 *   the forgotten history that makes the storm. Had only pods been written, there would be no LIST at all.
 * - N LISTs are N x 181 ms of one core: 90 s and 181 s. Nothing is faster, and the core has little else to do, so the last
 *   watcher is back after not much more: what is lost are waits for Retry-After while nobody else is ready to run.
 * - They are in the level global-default: 8 seats each, 56 seats at first, so 7 run at a time. Those that wait for 15 s are
 *   told 429. So most are refused at least once, and more per watcher when there are twice as many.
 * - Leases (node-high) have seats of their own and lose only their share of the core: with 7 to 46 LISTs on it, a write of 2 ms
 *   takes tens of milliseconds. No lease of 40 s is lost.
 * - With a second server that knows the past, half of the 250 watchers of the dead one reach it at once, because the balancer
 *   finds out only after 10 s, and half are refused; after the first back-off half of those again. About 62 are left when the
 *   new process begins at 3 s, and half of those that still come meet it, and its empty history: some twenty to forty LISTs.
 *   If it is away for a minute instead, the balancer knows by then, and nobody lists.
 */
import { ms, seconds, Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { advance, controlPlaneOptions, flatCosts } from '../testing/bench.ts';
import { createWatchBench } from '../testing/watch-bench.ts';

const LIST_MS = 181;

/** 100 kubelets that renew their leases every 10 s; the oldest lease so far. */
function startLeases(simulation: Simulation, controlPlane: ControlPlane): { oldest: number } {
  const leases = { oldest: 0 };
  const renewed = new Float64Array(100);
  const group = controlPlane.join(
    new ClientGroup({
      name: 'leases',
      describe: (node) => ({ ...nodeIdentity(`node-${node}`), verb: 'update', resource: 'leases' }),
      timeout: seconds(10),
      clients: 100,
      isInside: false,
      countsForAvailability: true,
      onReply: (node, status) => {
        if (status === Status.ok) {
          leases.oldest = Math.max(leases.oldest, simulation.now - renewed[node]!);
          renewed[node] = simulation.now;
        }
        renew.after(status === Status.ok ? seconds(10) : seconds(1), node);
      },
    }),
  );
  const lease = controlPlane.operations.number('lease-update');
  const renew = simulation.event('renew', (node) => controlPlane.send(group, node, lease), 'arrival');
  for (let node = 0; node < 100; node++) renew.after(ms(node * 100), node);
  return leases;
}

interface Killing {
  readonly apiServers: number;
  readonly written: 'leases' | 'pods';
  /** Seconds until the new process begins. */
  readonly startAfter: number;
}

function kill(watchers: number, options: Killing) {
  const simulation = new Simulation({ seed: 10 });
  const apiServer = {
    ...controlPlaneOptions({}).apiServer,
    firstWait: ms(3),
    backoffBase: ms(3),
    backoffCap: ms(3),
    startTime: seconds(options.startAfter),
  };
  const made = createWatchBench(simulation, {
    release: 30,
    pods: 2_000,
    listSeats: 10,
    costs: flatCosts({ 'lease-update': { cpuMs: 2 } }),
    listFromCache: { cpuMs: LIST_MS },
    watch: { cpuMs: 1 },
    page: { cpuMs: 200, etcdMs: 16 },
    controlPlane: { apiServers: options.apiServers, apiServer },
  });
  const { reflectors } = made.reflectors({
    clients: watchers,
    describe: (client) => ({ user: `watcher-${client}`, groups: ['system:authenticated'], resource: 'pods' }),
  });
  for (let client = 0; client < watchers; client++) reflectors.startSynced(client, client % options.apiServers);
  // One server alone is known by its address; two are behind a balancer.
  for (const group of made.controlPlane.groups) if (options.apiServers === 1) group.pinnedServer = 0;
  const leases = options.written === 'leases' ? startLeases(simulation, made.controlPlane) : { oldest: 0 };
  if (options.written === 'pods') made.writer.writeEvery(100);
  advance(simulation, seconds(33));
  made.controlPlane.servers[0]!.kill('memory');
  const from = simulation.now;
  while (reflectors.streamingCount < watchers && simulation.now - from < seconds(900)) advance(simulation, seconds(1));
  const backAfter = (simulation.now - from) / seconds(1);
  made.controlPlane.checkBooks();
  const { ended } = made.controlPlane.groups.find(({ name }) => name === 'watchers')!;
  return { backAfter, counts: reflectors.counts, ended, oldestLease: leases.oldest / seconds(1) };
}

it.each([500, 1_000])(
  '%i watchers: all are told 410 once and list; the core is busy with that and little else',
  (watchers) => {
    const { backAfter, counts, ended, oldestLease } = kill(watchers, {
      apiServers: 1,
      written: 'leases',
      startAfter: 3,
    });
    const work = (watchers * LIST_MS) / 1000;
    expect(counts.expired).toBe(watchers);
    expect(ended[Status.ok]).toBe(watchers);
    expect(backAfter).toBeGreaterThan(work);
    expect(backAfter).toBeLessThan(1.5 * work + 10);
    expect(ended[Status.tooManyRequests]! / watchers).toBeGreaterThan(0.5);
    expect(oldestLease).toBeLessThan(40);
  },
);

it('twice the watchers wait twice as long, and are refused more often each', () => {
  const few = kill(500, { apiServers: 1, written: 'leases', startAfter: 3 });
  const many = kill(1_000, { apiServers: 1, written: 'leases', startAfter: 3 });
  expect(many.backAfter / few.backAfter).toBeGreaterThan(1.7);
  expect(many.backAfter / few.backAfter).toBeLessThan(2.5);
  const refused = (run: typeof few): number => run.ended[Status.tooManyRequests]!;
  expect(refused(many) / 1_000).toBeGreaterThan(refused(few) / 500);
});

it('no LIST where the last write is one that the watchers have seen', () => {
  const pods = kill(500, { apiServers: 1, written: 'pods', startAfter: 3 });
  expect(pods.counts).toMatchObject({ lists: 0, expired: 0 });
  // Refusals until the server is back, and one more wait: 0.8 + 1.6 + 3.2 s, twice as long at most.
  expect(pods.backAfter).toBeLessThan(12);
});

it('with a second server, those list who happen to meet the new process: it is quicker than the balancer', () => {
  const quick = kill(500, { apiServers: 2, written: 'leases', startAfter: 3 });
  expect(quick.counts.expired).toBe(quick.counts.lists);
  expect(quick.counts.lists).toBeGreaterThan(5);
  expect(quick.counts.lists).toBeLessThan(80);
  const slow = kill(500, { apiServers: 2, written: 'leases', startAfter: 60 });
  expect(slow.counts).toMatchObject({ lists: 0, expired: 0 });
});
