/**
 * Whether the OOM of one API server takes the others with it, and when not.
 *
 * The day: three API servers with B = 1 GB of baseline and a memory limit M. 60 agents list all pods, each every 60 s, one
 * after the other, so L = 1 LIST per second in all. A LIST takes S = 10 s of a core and holds m = 100 MB meanwhile. Agents
 * keep their connections, ask again a second after a failure, and are dealt to servers in turn. Then one server is
 * killed, once, from outside.
 *
 * Argued before the run. By Little's law LISTs in progress are L x S = 10 in all whatever the number of servers, as long as
 * cores suffice; with n servers K(n) = 10/n on each. They start three seconds apart (n = 3), so there are 3 or 4 of them on
 * a server; of n = 2, five on average and six at times. Agents of the dead server come over with what they had in progress:
 * the load of the others rises at once, not slowly. So:
 *
 * - M >= B + 8 m: the others take it. One server dies, once. This is the criterion with n - 1 in it, with room for the agents
 *   that ask again at the same moment.
 * - B + 4 m <= M < B + 5 m: with three servers everything is well for ever, and the loss of one kills all: five in
 *   progress are more than two servers can hold on average, so the second dies, and ten are more than the third can.
 * - It does not end with its trigger. Whoever comes back first meets all agents that wait, and they are more than ten after
 *   half a minute of back-off and start: 30 on three servers are ten on each, 60 even twenty.
 * - Memory criterion met, cores not: with 4 cores two servers can do 2 x 4/10 = 0.8 LISTs per second of the 1 that is
 *   offered. Under processor sharing the number in progress then grows by a per second, where a = l (1 - e^(-a b)), with
 *   l = 0.5 arrivals per second and b = 10/4 s of the whole server for each (Jean-Marie and Robert, Queueing Systems 17, 1994):
 *   a = 0.186, twice the 0.1 that a line would grow by, because newcomers delay those who are nearly done. From 5 or 6 to
 *   20 takes some 80 s, and M = B + 20 m is not enough either. The server that comes back hardly helps, because
 *   connections stick.
 * - A limit on requests in flight is a limit on memory: with at most 4 of them a server never holds more than B + 4 m, and the
 *   loss of one kills nobody: agents hear 429 instead, since two servers do 2 x 4/10 = 0.8 of 1 per second. The third adds
 *   little: of 20 agents that lost their connection some ten dial after its return, and a third of them get it: 3/60 per second.
 */
import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { FlowControlSettings } from '../flow-control/configuration.ts';
import { serviceAccountIdentity } from '../flow-control/identity.ts';
import { advance, createBench, flatCosts } from '../testing/bench.ts';

const AGENTS = 60;
const LIST = operationNumber('list-pods-cache-json');
const BASELINE = 1000;
const ANSWER = 100;
const account = serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' });

/** `room` is how many answers fit beside the baseline. */
function day(room: number, options: { readonly cores?: number; readonly flowControl?: FlowControlSettings } = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, events } = createBench(simulation, {
    apiServers: 3,
    cores: 32,
    memory: BASELINE + room * ANSWER,
    costs: flatCosts({ 'list-pods-cache-json': { cpuMs: 10_000, bytes: ANSWER } }, { apiServer: BASELINE }),
    controlPlane: { balancer: 'round-robin' },
    ...options,
  });
  const due = new Float64Array(AGENTS);
  const group = new ClientGroup({
    name: 'agents',
    describe: () => ({ ...account, verb: 'list', resource: 'pods' }),
    timeout: seconds(60),
    clients: AGENTS,
    isInside: false,
    countsForAvailability: false,
    onReply: (agent, status) => {
      if (status !== Status.ok) {
        ask.after(seconds(1), agent);
        return;
      }
      due[agent] = Math.max(due[agent]! + seconds(60), simulation.now);
      ask.after((due[agent]! - simulation.now) as never, agent);
    },
  });
  const number = controlPlane.join(group);
  const ask = simulation.event('ask', (agent) => controlPlane.send(number, agent, LIST), 'arrival');
  for (let agent = 0; agent < AGENTS; agent++) {
    due[agent] = seconds(agent);
    ask.after(seconds(agent), agent);
  }
  const kills = (): readonly number[] => controlPlane.servers.map((server) => server.memoryKills);
  /** Runs on; no server may ever hold more than its limit, and every attempt must end once. */
  const run = (time: number): void => {
    advance(simulation, time);
    for (const server of controlPlane.servers) {
      expect(server.peakMemoryBytes).toBeLessThanOrEqual(BASELINE + room * ANSWER);
    }
    controlPlane.checkBooks();
  };
  const killed = (server: number): number =>
    events.find(({ what }) => what.startsWith(`api-server ${server} died: memory agents`))?.at ?? Infinity;
  return { simulation, controlPlane, group, kills, run, killed };
}

describe('one of three API servers dies', () => {
  it('before that, room for four answers is enough, and for three it is not', () => {
    const enough = day(4);
    enough.run(minutes(30));
    expect(enough.kills()).toEqual([0, 0, 0]);
    const tooLittle = day(3);
    tooLittle.run(minutes(5));
    expect(Math.max(...tooLittle.kills())).toBeGreaterThan(0);
  });

  it('with room for n - 1 the others take its load', () => {
    const { controlPlane, kills, run, group } = day(8);
    run(minutes(5));
    controlPlane.servers[0]!.kill('memory');
    run(minutes(30));
    expect(kills()).toEqual([1, 0, 0]);
    expect(group.ended[Status.reset]).toBeLessThanOrEqual(4);
    // Everybody is served as before: one LIST per second.
    const before = group.ended[Status.ok]!;
    run(minutes(10));
    expect(Math.abs(group.ended[Status.ok]! - before - 600)).toBeLessThan(5);
  });

  it('without it all follow within a minute, and stay down after the trigger is long gone', () => {
    for (const room of [4, 4.5]) {
      const { simulation, controlPlane, kills, run, killed, group } = day(room);
      run(minutes(5));
      const at = simulation.now;
      controlPlane.servers[0]!.kill('memory');
      run(minutes(1));
      for (const server of [1, 2]) expect(killed(server) - at).toBeLessThan(seconds(60));
      run(minutes(29));
      expect(Math.min(...kills())).toBeGreaterThan(2);
      const before = group.ended[Status.ok]!;
      run(minutes(10));
      expect(group.ended[Status.ok]! - before).toBeLessThan(100);
    }
  });

  it('memory enough for any number in progress that Little allows does not help when cores are short', () => {
    const { simulation, controlPlane, run, killed } = day(20, { cores: 4 });
    run(minutes(5));
    const at = simulation.now;
    controlPlane.servers[0]!.kill('memory');
    run(minutes(10));
    const first = Math.min(killed(1), killed(2)) - at;
    expect(first).toBeGreaterThan(seconds(60));
    expect(first).toBeLessThan(seconds(105));
  });

  it('a limit on requests in flight is a limit on memory: nobody follows, and agents hear 429', () => {
    const { controlPlane, kills, run, group } = day(4, {
      flowControl: { enablePriorityAndFairness: false, maxRequestsInflight: 4 },
    });
    run(minutes(5));
    controlPlane.servers[0]!.kill('memory');
    const before = group.ended[Status.ok]!;
    run(minutes(10));
    expect(kills()).toEqual([1, 0, 0]);
    expect(group.ended[Status.tooManyRequests]).toBeGreaterThan(100);
    const perSecond = (group.ended[Status.ok]! - before) / 600;
    expect(perSecond).toBeGreaterThan(0.78);
    expect(perSecond).toBeLessThan(0.87);
  });
});
