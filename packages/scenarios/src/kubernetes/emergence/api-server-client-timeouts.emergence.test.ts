/**
 * What client time-outs shorter than waiting plus service do to goodput.
 *
 * The day: one API server with one core. A LIST needs S = 1 s of it. Two a second are offered, twice what it can do. K of
 * them are let in at once and share the core.
 *
 * Argued before the run:
 *
 * - With all K places taken, each LIST gets 1/K of the core and takes K x S. Encoding does not look at the connection, so a
 *   client that leaves frees nothing: the LIST is finished for nobody.
 * - So with a time-out T < K x S every single answer comes too late: the server works without a pause, its goodput is
 *   zero, and all of its work is wasted. With T > K x S every LIST that is let in is answered in time: goodput 1/S, nothing
 *   wasted. There is nothing in between but the gap of at most 0.5 s until a free place is taken again, which makes
 *   the LISTs in service between K - 1 and K.
 * - Hence two ways back, both without any more hardware: patience above K x S, or fewer places: K < T/S.
 * - Cancellation does not help as one might think. Where a LIST stops when its client leaves (decoding), the place is free
 *   at T instead of K x S, but the next one takes it at once, and the core is still shared by K. What is wasted is less
 *   than whole LISTs; what is achieved is still nothing.
 * - With priority and fairness there is waiting before service, of T/4 at most. So service above T is hopeless, service
 *   below 0.75 T is safe, and in between it depends on how long one has waited. Not everybody waits T/4, as one might think of a
 *   line that is never empty: whoever is sent away after T/4 leaves a place in his queue, and the next arrival takes it because
 *   that queue is now the shortest. So each of the flow's six queues keeps requests of about one age, which grows from 0
 *   to T/4 and starts again, and the seat goes to the head of each queue in turn, whatever its age. At 0.85 T those who
 *   have waited less than 0.15 T are in time: about 60 % if ages are spread evenly.
 */
import { ms, seconds, Simulation, type Duration } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { ApiServerOptions } from '../api-server/api-server.ts';
import { userIdentity } from '../flow-control/identity.ts';
import type { FlowControlSettings } from '../flow-control/configuration.ts';
import { advance, Callers, createBench, flatCosts } from '../testing/bench.ts';

const LIST = 'list-pods-etcd-json';
const person = () => ({ ...userIdentity('jane'), verb: 'list', resource: 'pods' });

interface Outcome {
  /** LISTs per second that were answered in time, as a share of what the core can do. */
  readonly goodput: number;
  /** Share of the core's work that was for nobody. */
  readonly wasted: number;
  readonly utilisation: number;
  /** LISTs in service at the end. */
  readonly inService: number;
}

function day(
  timeout: Duration,
  flowControl: FlowControlSettings,
  options: { readonly perSecond?: number; readonly apiServer?: Partial<ApiServerOptions> } = {},
): Outcome {
  const { perSecond = 2, apiServer = {} } = options;
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, {
    costs: flatCosts({ [LIST]: { cpuMs: 1000 } }),
    flowControl,
    apiServer,
  });
  const server = controlPlane.servers[0]!;
  const callers = new Callers(simulation, controlPlane, { clients: 1000, timeout, describe: person });
  let client = 0;
  const offer = simulation.event('offer', () => {
    offer.after(ms(1000 / perSecond));
    callers.send(client++ % 1000, LIST);
  });
  offer.after(ms(1000 / perSecond));
  advance(simulation, seconds(200));
  const before = { ok: callers.ok, busy: server.busyTime, wasted: server.wastedCpu };
  advance(simulation, seconds(400));
  controlPlane.checkBooks();
  const busy = server.busyTime - before.busy;
  return {
    goodput: (callers.ok - before.ok) / 400,
    wasted: (server.wastedCpu - before.wasted) / busy,
    utilisation: busy / seconds(400),
    inService: server.cpu.inside,
  };
}

const places = (count: number): FlowControlSettings => ({
  enablePriorityAndFairness: false,
  maxRequestsInflight: count,
});

describe('K places that share one core', () => {
  it('time-outs below K x S: the core is busy all the time and nothing is achieved', () => {
    for (const [k, timeout] of [
      [8, 5],
      [20, 15],
      [6, 4.5],
    ] as const) {
      const { goodput, wasted, utilisation } = day(seconds(timeout), places(k));
      expect(goodput).toBe(0);
      expect(utilisation).toBeCloseTo(1, 3);
      expect(Math.abs(wasted - 1)).toBeLessThan(0.02);
    }
  });

  it('time-outs above K x S: all of the core goes into answers that arrive', () => {
    for (const [k, timeout] of [
      [8, 9],
      [20, 21],
      [6, 10],
    ] as const) {
      const { goodput, wasted } = day(seconds(timeout), places(k));
      expect(Math.abs(goodput - 1)).toBeLessThan(0.03);
      expect(wasted).toBe(0);
    }
  });

  it('fewer places bring goodput back with the same time-out', () => {
    expect(day(seconds(5), places(8)).goodput).toBe(0);
    expect(Math.abs(day(seconds(5), places(4)).goodput - 1)).toBeLessThan(0.03);
  });

  it('stopping what nobody waits for saves whole LISTs, and still achieves nothing', () => {
    const { goodput, wasted, utilisation } = day(seconds(5), places(8), {
      apiServer: { cancellation: { decodeShare: 1 } },
    });
    expect(goodput).toBe(0);
    expect(utilisation).toBeCloseTo(1, 2);
    expect(Math.abs(wasted - 1)).toBeLessThan(0.02);
  });
});

describe('seats of priority and fairness', () => {
  const run = (timeout: Duration): Outcome =>
    day(timeout, { maxRequestsInflight: 20, maxMutatingRequestsInflight: 0 }, { perSecond: 20 });

  it('waiting for a seat counts: service of 0.7 T is safe, of 0.85 T a matter of luck, of 1.02 T hopeless', () => {
    const seats = run(seconds(1000)).inService;
    expect(seats).toBeGreaterThan(5);
    const at = (share: number): Outcome => {
      const outcome = run(ms(Math.round((seats * 1000) / share)));
      expect(outcome.inService).toBe(seats);
      return outcome;
    };
    const safe = at(0.7);
    expect(safe.goodput).toBeGreaterThan(0.98);
    expect(safe.wasted).toBeLessThan(0.02);
    const lucky = at(0.85);
    expect(lucky.goodput).toBeGreaterThan(0.3);
    expect(lucky.goodput).toBeLessThan(0.9);
    expect(lucky.goodput + lucky.wasted).toBeCloseTo(1, 1);
    const hopeless = at(1.02);
    expect(hopeless.goodput).toBe(0);
    expect(hopeless.wasted).toBeGreaterThan(0.98);
  });
});
