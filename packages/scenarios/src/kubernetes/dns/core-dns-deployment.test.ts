/** What restarts, memory and probes do to a Deployment: mechanisms D1 and D2, and a pure outage of the API without them. */
import { minutes, ms, seconds, Simulation, us } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, Callers, flatCosts } from '../testing/bench.ts';
import { Answer } from './core-dns-answers.ts';
import type { CoreDnsDeployment } from './core-dns-deployment.ts';
import {
  type CoreDnsMemoryOptions,
  manifestCoreDns,
  manifestMemoryLimit,
  observedListFactor,
} from './core-dns-options.ts';
import { createDnsBench, outage } from './testing/dns-bench.ts';

/** 82 MB in the steady state, as observed with 5,000 nodes: 24 MB of process and 58,000 objects of 1 kB. */
const observed: CoreDnsMemoryOptions = {
  limitBytes: manifestMemoryLimit,
  pods: 58_000,
  services: 0,
  listFactor: observedListFactor,
  listHold: seconds(1),
};

describe('an outage of the API alone', () => {
  it('no name fails for two hours with killed, hanging and blocked API servers', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, dns, events } = createDnsBench(simulation, { replicas: 3 }, { apiServers: 3 });
    outage(simulation, controlPlane, minutes(60));
    controlPlane.block();
    dns.pathBlocked();
    advance(simulation, minutes(60));
    expect(dns.failureShare(10)).toBe(0);
    expect(dns.counts).toEqual({ records: 30, failing: 0 });
    expect(events).toEqual([]);
    controlPlane.checkBooks();
  });

  it('what changes meanwhile is answered as it was, until the watch is back', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, dns, records } = createDnsBench(simulation, {}, { headless: 10 });
    const [process] = dns.processes;
    controlPlane.block();
    dns.pathBlocked();
    records.change(0, 9);
    records.change(1, -1);
    advance(simulation, seconds(40));
    expect(process!.staleNames).toBe(2);
    expect(process!.answer(0)).toBe(0);
    controlPlane.unblock();
    dns.pathOpened();
    expect(process!.staleNames).toBe(0);
    expect(process!.answer(2)).toBe(0);
    expect(process!.answer(1)).toBe(Answer.denied);
  });

  it('a lookup fails by the share of processes that do not know the name, with every attempt anew', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, dns } = createDnsBench(simulation, { replicas: 4, attempts: 2 }, { apiServers: 3 });
    controlPlane.block();
    dns.pathBlocked();
    dns.restart(0);
    advance(simulation, minutes(1));
    expect(dns.failureProbability(17, 3)).toBe(1 / 16);
    expect(dns.failureShare(1)).toBeCloseTo(1 / 16, 12);
  });

  /** Any LIST kills the process. */
  const noList: CoreDnsMemoryOptions = { ...observed, limitBytes: 1 };

  it('a watch that moves to a server that has been up all along needs no LIST', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, dns, records } = createDnsBench(simulation, { memory: noList }, { apiServers: 2 });
    controlPlane.servers[0]!.kill('liveness');
    records.change(0, 9);
    expect(dns.processes[0]!.staleNames).toBe(1);
    expect(dns.informers.isWatching(0, 'services')).toBe(false);
    advance(simulation, minutes(1));
    expect(dns.informers.isWatching(0, 'services')).toBe(true);
    expect(dns.processes[0]!.isReady).toBe(true);
    expect(dns.processes[0]!.answer(0)).toBe(9);
    controlPlane.checkBooks();
  });

  it('a short block goes unnoticed, a long one ends in a LIST when the way is open again (D9)', () => {
    for (const [block, hasListed] of [
      [seconds(44), false],
      [minutes(5), true],
    ] as const) {
      const simulation = new Simulation({ seed: 1 });
      const { controlPlane, dns } = createDnsBench(simulation, { memory: noList });
      controlPlane.block();
      dns.pathBlocked();
      advance(simulation, block);
      expect(dns.failureShare(1)).toBe(0);
      controlPlane.unblock();
      dns.pathOpened();
      advance(simulation, minutes(2));
      expect(dns.endedProcesses > 0, `after ${block / seconds(1)} s`).toBe(hasListed);
      controlPlane.checkBooks();
    }
  });
});

describe('D1: processes that start while the API is away', () => {
  it('each restart takes one replica out until the API is back; resolvers ask twice', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, dns } = createDnsBench(simulation, { replicas: 4 });
    const back = outage(simulation, controlPlane, minutes(5), () => {
      dns.restart(1);
      advance(simulation, seconds(10));
      expect(dns.failureShare(1)).toBeCloseTo((1 / 4) ** 2, 12);
      dns.restart(2);
      advance(simulation, seconds(10));
    });
    expect(dns.syncedReplicas).toBe(2);
    expect(dns.failureShare(1)).toBeCloseTo((2 / 4) ** 2, 12);
    expect(dns.failureShare(3)).toBeCloseTo(1 - (1 - 1 / 4) ** 3, 12);
    expect(dns.routedReplicas).toBe(4);
    advance(simulation, seconds(80));
    expect(simulation.now - back).toBeGreaterThan(seconds(60));
    expect(dns.syncedReplicas).toBe(4);
    expect(dns.failureShare(3)).toBe(0);
    controlPlane.checkBooks();
  });

  it('answers to a process that is gone do not fill the next one', () => {
    const simulation = new Simulation({ seed: 1 });
    const costs = flatCosts({ 'kubelet-sync': { cpuMs: 2_000 } });
    const { dns, events } = createDnsBench(simulation, {}, { cores: 16, costs });
    dns.restart(0);
    advance(simulation, seconds(1));
    dns.restart(0);
    advance(simulation, seconds(5));
    // The first process's LISTs are answered after 2 s, the second's after 3 s.
    expect(events.filter(({ what }) => what === 'ready').map(({ at }) => Math.round(at))).toEqual([3]);
  });

  it('with the API there, the proxies leave a starting replica out once they know', () => {
    const simulation = new Simulation({ seed: 1 });
    const { dns } = createDnsBench(simulation, { replicas: 2, crashBackoff: slowStart }, {});
    dns.processes[0]!.end('memory');
    expect(dns.failureShare(1)).toBeCloseTo(1 / 4, 12);
    advance(simulation, seconds(2));
    expect(dns.routedReplicas).toBe(1);
    expect(dns.failureShare(1)).toBe(0);
    advance(simulation, minutes(1));
    expect(dns.routedReplicas).toBe(1);
    advance(simulation, minutes(2));
    expect(dns.routedReplicas).toBe(2);
  });

  const slowStart = {
    firstWait: minutes(2),
    backoffBase: minutes(2),
    backoffCap: minutes(5),
    backoffReset: minutes(10),
  };

  it('without any routed replica every lookup fails, and queries meet nobody', () => {
    const simulation = new Simulation({ seed: 1 });
    const { dns, answers } = createDnsBench(simulation, { crashBackoff: slowStart });
    dns.processes[0]!.end('memory');
    dns.ask(1, 0);
    advance(simulation, seconds(3));
    expect(dns.routedReplicas).toBe(0);
    expect(dns.failureShare(2)).toBe(1);
    expect(dns.failureShare(0)).toBe(0);
    dns.ask(2, 0);
    expect([...answers]).toEqual([
      [1, Answer.silence],
      [2, Answer.silence],
    ]);
  });
});

describe('D2: memory of a relist', () => {
  /** Shares of processes killed by the relist after an API server restart, and of those that came back with one death. */
  function relist(memory: CoreDnsMemoryOptions): { killed: number; once: number; peak: number } {
    const simulation = new Simulation({ seed: 7 });
    const replicas = 313;
    const { controlPlane, dns, events } = createDnsBench(simulation, { replicas, memory }, { cores: 8 });
    advance(simulation, seconds(10));
    expect(dns.processes[0]!.memoryBytes).toBe((24_000 + memory.pods) * 1000);
    outage(simulation, controlPlane, seconds(30));
    advance(simulation, minutes(5));
    const deaths = new Map<number, number>();
    for (const { what, replica } of events) if (what === 'memory') deaths.set(replica, (deaths.get(replica) ?? 0) + 1);
    controlPlane.checkBooks();
    return {
      killed: deaths.size / replicas,
      once: [...deaths.values()].filter((count) => count === 1).length / deaths.size,
      peak: Math.max(...dns.processes.map(({ peakMemoryBytes }) => peakMemoryBytes)),
    };
  }

  it('kills three quarters of 313 processes at the default limit, nearly all of them once, as was observed', () => {
    const { killed, once, peak } = relist(observed);
    // Observed 233 of 313. The model is an even draw: 0.744, with a binomial 99 % interval of +-0.064.
    const limit = (manifestMemoryLimit / 1e6 - 82) / 58;
    const expected = (2.7 - limit) / 1.4;
    expect(Math.abs(expected - 233 / 313)).toBeLessThan(0.01);
    expect(Math.abs(killed - expected)).toBeLessThan(2.58 * Math.sqrt((expected * (1 - expected)) / 313));
    expect(once).toBeGreaterThan(0.9);
    expect(peak).toBe(manifestMemoryLimit);
  });

  it('kills none with twice the limit, and none when relists cost nothing', () => {
    expect(relist({ ...observed, limitBytes: 2 * manifestMemoryLimit }).killed).toBe(0);
    expect(relist({ ...observed, listFactor: { lowest: 0, highest: 0 } }).killed).toBe(0);
  });

  it('reflectors relist when other types were written since their last event, and are hit alike', () => {
    const simulation = new Simulation({ seed: 7 });
    const replicas = 313;
    const bench = { cores: 8, release: 30 };
    const { controlPlane, dns, events } = createDnsBench(simulation, { replicas, memory: observed }, bench);
    const leases = new Callers(simulation, controlPlane, { name: 'leases' });
    for (let i = 0; i < 20; i++) {
      leases.send(0, 'lease-update');
      advance(simulation, ms(100));
    }
    outage(simulation, controlPlane, seconds(30));
    advance(simulation, minutes(5));
    const killed =
      new Set(events.filter(({ what }) => what === 'memory').map(({ replica }) => replica)).size / replicas;
    expect(Math.abs(killed - 233 / 313)).toBeLessThan(2.58 * Math.sqrt((0.744 * 0.256) / 313));
    expect(dns.syncedReplicas).toBeGreaterThan(0.95 * replicas);
    controlPlane.checkBooks();
  });

  it('of a cluster that does not fit, no process ever comes back', () => {
    const simulation = new Simulation({ seed: 1 });
    const memory = { ...observed, pods: 160_000 };
    const { controlPlane, dns, events } = createDnsBench(simulation, { memory, replicas: 2 });
    outage(simulation, controlPlane, seconds(30));
    advance(simulation, minutes(30));
    expect(dns.syncedReplicas).toBe(0);
    expect(dns.failureShare(1)).toBe(1);
    // 1 s, then 10 s, 20 s, ... 300 s between two starts, and a few milliseconds of life.
    const deaths = events.filter(({ replica }) => replica === 0).map(({ at }) => at);
    const gaps = deaths.slice(1).map((at, i) => Math.round(at - deaths[i]!));
    expect(gaps.slice(0, 7)).toEqual([1, 10, 20, 40, 80, 160, 300]);
  });
});

describe('cores and the liveness probe', () => {
  it('a query takes its CPU time, and 33,669 a second are what two cores can do', () => {
    const simulation = new Simulation({ seed: 1 });
    const { dns, answers } = createDnsBench(simulation);
    dns.ask(0, 3);
    advance(simulation, us(58));
    expect(answers.size).toBe(0);
    advance(simulation, us(1));
    expect(answers.get(0)).toBe(0);
    const capacity = manifestCoreDns.cores / (manifestCoreDns.queryCpu / seconds(1));
    expect(Math.abs(capacity / 33_669 - 1)).toBeLessThan(0.01);
  });

  /** Runs a process for five minutes with so many times the queries its cores can answer. */
  function underLoad(share: number, hasLiveness: boolean): { ended: number; at: number } {
    const simulation = new Simulation({ seed: 1 });
    const queryCpu = ms(50);
    const { dns, events, controlPlane } = createDnsBench(
      simulation,
      { queryCpu, cores: 1 },
      { without: hasLiveness ? [] : ['liveness'] },
    );
    const gap = Math.round(queryCpu / share);
    for (let query = 0; query * gap < minutes(5); query++) {
      dns.ask(query, 0);
      advance(simulation, gap);
    }
    controlPlane.checkBooks();
    const first = events.find(({ what }) => what === 'liveness');
    return { ended: events.filter(({ what }) => what === 'liveness').length, at: first?.at ?? -1 };
  }

  it('a process that is asked twice what it can answer cannot answer its probe, and is killed for it', () => {
    // The first probe at 60 s shares the core with 600 queries: 30 s for its 50 ms. The fifth fails 45 s later.
    const { ended, at } = underLoad(2, true);
    expect(ended).toBeGreaterThanOrEqual(1);
    expect(at).toBe(60 + 4 * 10 + 5);
  });

  it('one with cores to spare is not, and none without a probe', () => {
    expect(underLoad(0.9, true).ended).toBe(0);
    expect(underLoad(2, false).ended).toBe(0);
  });
});

it('refuses options that make no sense', () => {
  const simulation = new Simulation({ seed: 1 });
  const make = (changes: object) => (): CoreDnsDeployment => createDnsBench(simulation, changes).dns;
  expect(make({ replicas: 0 })).toThrow('CoreDNS: replicas must be >= 1, got 0');
  expect(make({ attempts: 0 })).toThrow('CoreDNS: attempts must be >= 1, got 0');
  expect(make({ queryCpu: us(0) })).toThrow('CoreDNS: queryCpu must be > 0, got 0 us');
  expect(make({ memory: { ...observed, listFactor: { lowest: 2, highest: 1 } } })).toThrow(
    'CoreDNS: expected 0 <= listFactor.lowest <= highest, got 2 and 1',
  );
});
