/** Agents beyond the plain LIST once a period: pages, mixes, informers, collectors, spreads, limits and repetitions. */
import { type Duration, minutes, ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { operations } from '../requests/operation.ts';
import { Status } from '../requests/api-request.ts';
import { advance, type BenchOptions, createBench, createClusterBench, flatCosts } from '../testing/bench.ts';
import type { AgentRetryPolicy, DaemonOptions } from './agent-options.ts';
import { createAgentRetries, GIVEN_UP } from './agent-retries.ts';
import { Daemon } from './daemon.ts';

const LIST = 'list-pods-etcd-json';

function setUp(nodes: number, agent: Partial<DaemonOptions> = {}, options: BenchOptions = {}) {
  const simulation = new Simulation({ seed: 1 });
  const bench = createBench(simulation, { cores: 8, ...options });
  const daemon = new Daemon(
    simulation,
    'bench',
    nodes,
    {
      name: 'agent',
      namespace: 'telemetry',
      operation: LIST,
      period: seconds(60),
      periodJitter: 0,
      timeout: seconds(60),
      startDelay: { sample: () => seconds(5) },
      ...agent,
    },
    bench.controlPlane,
  );
  const start = (): void => {
    for (let node = 0; node < nodes; node++) daemon.start(node);
  };
  return { simulation, ...bench, daemon, start, group: daemon.groups[0]! };
}

/** Seconds between the attempts of a group, looked at every 10 ms for so long. */
function gaps(simulation: Simulation, group: { readonly sent: number }, time: Duration): number[] {
  const instants: number[] = [];
  const end = simulation.now + time;
  while (simulation.now < end) {
    const before = group.sent;
    advance(simulation, ms(10));
    for (let sent = before; sent < group.sent; sent++) instants.push(simulation.now / seconds(1));
  }
  return instants.slice(1).map((at, index) => at - instants[index]!);
}

describe('what an agent sends', () => {
  it('in pages: as many requests as pages, one after the other, then a pause of a period', () => {
    const simulation = new Simulation({ seed: 1 });
    const page = { ...operations[LIST], limit: 500, costs: flatCosts({ [LIST]: { cpuMs: 100 } }).operations[LIST] };
    const agent: Partial<DaemonOptions> = {
      periodJitter: 0,
      requests: [{ name: '', operation: 'page', period: seconds(60), pages: { limit: 500, operation: 'page' } }],
      declared: [{ name: 'page', ...page }],
    };
    // 1,200 pods and one agent: three pages of 500.
    const { cluster } = createClusterBench(simulation, { nodes: 1, podsPerNode: 1200, agent });
    cluster.daemon.start(0);
    const found = gaps(simulation, cluster.daemon.groups[0]!, minutes(4));
    found.forEach((gap, index) => {
      const isPause = index % 3 === 2;
      expect(gap).toBeGreaterThan(isPause ? 60 : 0.08);
      expect(gap).toBeLessThan(isPause ? 60.2 : 0.15);
    });
    expect(found.length).toBeGreaterThan(8);
    cluster.controlPlane.checkBooks();
  });

  it('in a mix: each request at its own pace, in a group of its own', () => {
    const { simulation, start, daemon, controlPlane } = setUp(1, {
      requests: [
        { name: '', operation: LIST, period: seconds(60) },
        { name: 'get-1', verb: 'get', operation: 'get', period: seconds(10) },
        { name: 'write-2', verb: 'update', operation: 'object-update', period: seconds(20) },
      ],
    });
    start();
    advance(simulation, seconds(604));
    expect(daemon.groups.map(({ name }) => name)).toEqual(['agent', 'agent-get-1', 'agent-write-2']);
    expect(daemon.groups.map(({ sent }) => sent)).toEqual([10, 60, 30]);
    controlPlane.checkBooks();
  });

  it('as collectors: so many clients however many nodes, from the first agent to the last', () => {
    const { simulation, daemon, start, group } = setUp(50, { collectors: 2 });
    start();
    expect(daemon.runningCount).toBe(50);
    advance(simulation, seconds(604));
    expect(group.clients).toBe(2);
    expect(group.sent).toBe(20);
    for (let node = 0; node < 49; node++) daemon.stop(node);
    advance(simulation, minutes(10));
    expect(group.sent).toBe(40);
    daemon.stop(49);
    advance(simulation, minutes(10));
    expect(group.sent).toBe(40);
  });
});

describe('when it sends', () => {
  it('the first requests are spread evenly over the start jitter', () => {
    const { simulation, start, group } = setUp(1000, { startJitter: seconds(100), period: minutes(60) });
    start();
    advance(simulation, seconds(5));
    expect(group.sent).toBe(0);
    advance(simulation, seconds(25));
    // A quarter of 1,000, five standard deviations of 13.7 either way.
    expect(Math.abs(group.sent - 250)).toBeLessThan(70);
    advance(simulation, seconds(75));
    expect(group.sent).toBe(1000);
  });

  it('a client-side limit holds over all requests of an agent, and bursts pass', () => {
    const { simulation, start, daemon } = setUp(1, {
      pace: { qps: 0.1, burst: 2 },
      requests: [
        { name: '', operation: LIST, period: seconds(1) },
        { name: 'get-1', verb: 'get', operation: 'get', period: seconds(1) },
      ],
    });
    start();
    advance(simulation, seconds(5) + 1);
    const sent = (): number => daemon.groups.reduce((sum, group) => sum + group.sent, 0);
    expect(sent()).toBe(2);
    advance(simulation, seconds(1000));
    expect(sent()).toBe(102);
  });
});

describe('an informer without watch caches', () => {
  const informer: Partial<DaemonOptions> = {
    requests: [{ name: '', operation: LIST, period: seconds(60), isInformer: true }],
  };

  it('lists once, and never again while its connection lives', () => {
    const { simulation, start, group } = setUp(20, informer);
    start();
    advance(simulation, minutes(600));
    expect(group.sent).toBe(20);
    expect(group.ended[Status.ok]).toBe(20);
  });

  it('lists again after a back-off when the server of its stream died', () => {
    const simulation = new Simulation({ seed: 1 });
    const agent = { ...informer, startDelay: { sample: () => seconds(5) } };
    const { cluster } = createClusterBench(simulation, { nodes: 30, agent });
    cluster.daemonSet.select(1);
    advance(simulation, minutes(5));
    const [group] = cluster.daemon.groups;
    expect(group!.sent).toBe(30);
    const onFirst = group!.server.filter((server) => server === 0).length;
    expect(onFirst).toBeGreaterThan(0);
    cluster.controlPlane.servers[0]!.kill('liveness');
    advance(simulation, minutes(2));
    // Some are turned away by the balancer before it knows.
    expect(group!.ended[Status.ok]).toBe(30 + onFirst);
    cluster.controlPlane.checkBooks();
  });

  it('outlives a short silence of its path, and lists again after a long one', () => {
    const simulation = new Simulation({ seed: 1 });
    const { cluster } = createClusterBench(simulation, { nodes: 10, agent: informer });
    cluster.daemonSet.select(1);
    advance(simulation, minutes(5));
    const [group] = cluster.daemon.groups;
    cluster.blockAdminApi();
    advance(simulation, seconds(40));
    cluster.unblockAdminApi();
    advance(simulation, minutes(5));
    expect(group!.sent).toBe(10);
    cluster.blockAdminApi();
    advance(simulation, seconds(50));
    cluster.unblockAdminApi();
    advance(simulation, minutes(5));
    expect(group!.ended[Status.ok]).toBe(20);
    cluster.controlPlane.checkBooks();
  });

  it('that is stopped and started lists anew', () => {
    const { simulation, daemon, start, group, controlPlane } = setUp(1, informer);
    start();
    advance(simulation, minutes(1));
    daemon.stop(0);
    daemon.start(0);
    advance(simulation, minutes(1));
    expect(group.sent).toBe(2);
    controlPlane.checkBooks();
  });
});

describe('after a failure', () => {
  const unanswered = (retry: AgentRetryPolicy) => {
    const parts = setUp(1, { retry, timeout: ms(10) });
    advance(parts.simulation, seconds(1));
    parts.controlPlane.block();
    parts.start();
    return parts;
  };

  it('without repetitions an agent waits for its next period', () => {
    const { simulation, group } = unanswered({ policy: 'none' });
    for (const gap of gaps(simulation, group, minutes(10))) expect(Math.abs(gap - 60)).toBeLessThan(0.05);
    expect(group.sent).toBe(group.firstAttempts);
  });

  it('with a fixed wait it comes back after that, or up to its jitter later', () => {
    const { simulation, group } = unanswered({ policy: 'fixed', wait: seconds(2), jitter: 0.5 });
    const found = gaps(simulation, group, minutes(5));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(1.98);
    expect(Math.max(...found)).toBeLessThanOrEqual(3.05);
    expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(0.7);
    expect(group.firstAttempts).toBe(1);
  });

  it('with a back-off of its own the waits double to the longest', () => {
    const { simulation, group } = unanswered({
      policy: 'exponential',
      first: seconds(1),
      longest: seconds(60),
      jitter: 0,
    });
    const found = gaps(simulation, group, minutes(10)).slice(0, 9);
    expect(found.map((gap) => Math.round(gap))).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('a budget pays for its reserve, then for a tenth of the requests', () => {
    const policy: AgentRetryPolicy = {
      policy: 'budget',
      first: ms(100),
      longest: ms(100),
      jitter: 0,
      retriesPerRequest: 0.1,
      reserve: 5,
    };
    const stream = new Simulation({ seed: 1 }).streams.get('test');
    const retries = createAgentRetries(1, policy, stream);
    let repetitions = 0;
    for (let request = 0; request < 1000; request++) {
      retries.began(0);
      while (retries.failed(0, Status.timedOut, 0) !== GIVEN_UP) repetitions++;
      expect(retries.isRepetition(0)).toBe(false);
    }
    // The first request finds the reserve full and earns nothing on top of it.
    expect(repetitions).toBe(5 + 99);
  });
});
