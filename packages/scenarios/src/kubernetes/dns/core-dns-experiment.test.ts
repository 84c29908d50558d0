/**
 * Experiment E12 on a real CoreDNS 1.11.3: synced, API server killed for 150 s, all queries answered; started during an
 * outage: silence for 5 s, then SERVFAIL for every cluster name, recovered 36.5 s after the API server was ready again; an
 * endpoint change took 30 s to be seen.
 */
import { ms, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { Answer } from './core-dns-answers.ts';
import { createDnsBench, outage } from './testing/dns-bench.ts';
import { recoveryDistribution } from './testing/reflector-recovery.ts';

const NAMES = 10;

/** Informers on their own, and as client-go's reflectors before the watch caches of Kubernetes 1.30. */
describe.each([
  ['plain informers', {}],
  ['reflectors', { release: 30 }],
])('%s', (_name, informers) => {
  it('synced, and the API server dead for 150 s: every query is answered from memory', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, dns, answers } = createDnsBench(simulation, {}, { names: NAMES, ...informers });
    let asked = 0;
    const ask = (): void => {
      for (let name = 0; name < NAMES; name++) dns.ask(asked++, name);
    };
    const end = simulation.now + seconds(150);
    outage(simulation, controlPlane, seconds(1), ask);
    while (simulation.now < end) {
      for (const server of controlPlane.servers) server.kill('liveness');
      ask();
      advance(simulation, seconds(3));
    }
    expect(asked).toBeGreaterThan(400);
    expect(answers.size).toBe(asked);
    expect([...answers.values()].every((answer) => answer === 0)).toBe(true);
    expect(dns.failureShare(10)).toBe(0);
    expect(dns.syncedReplicas).toBe(1);
    controlPlane.checkBooks();
  });

  describe('started during an outage', () => {
    it('nobody answers for five seconds, then every cluster name is SERVFAIL and the process is not ready', () => {
      const simulation = new Simulation({ seed: 1 });
      const { controlPlane, dns } = createDnsBench(simulation, {}, { names: NAMES, ...informers });
      const [process] = dns.processes;
      const seen: [number, number][] = [];
      outage(simulation, controlPlane, seconds(30), () => {
        dns.restart(0);
        for (let i = 0; i <= 100; i++) {
          advance(simulation, ms(100));
          for (const server of controlPlane.servers) if (server.isReady) server.kill('liveness');
          seen.push([simulation.now, process!.answer(i % NAMES)]);
        }
      });
      for (const [at, answer] of seen) {
        expect(answer, `at ${at / seconds(1)} s`).toBe(at < seconds(5) ? Answer.silence : Answer.failed);
      }
      expect(process!.isReady).toBe(false);
    });

    it('every informer is back by the back-off alone, and the process with the last of them', () => {
      const length = 150;
      const simulation = new Simulation({ seed: 5 });
      const replicas = 300;
      const { controlPlane, dns, events } = createDnsBench(
        simulation,
        { replicas },
        { names: NAMES, cores: 8, ...informers },
      );
      const back = outage(simulation, controlPlane, seconds(length), () => {
        for (let replica = 0; replica < replicas; replica++) dns.restart(replica);
      });
      advance(simulation, seconds(70));
      const ready = events.filter(({ what }) => what === 'ready').map(({ at }) => at - back / seconds(1));
      expect(ready.length).toBe(replicas);
      // The API is gone from the first attempt, at 0, until it is ready: the exact length of the outage.
      const gone = back / seconds(1);
      const informer = recoveryDistribution(gone);
      ready.sort((a, b) => a - b);
      let distance = 0;
      ready.forEach((delay, i) => {
        const expected = informer(delay) ** 3;
        distance = Math.max(distance, Math.abs(expected - i / replicas), Math.abs(expected - (i + 1) / replicas));
      });
      // Kolmogorov and Smirnov: 99 % of samples of this size stay below 1.63 / sqrt(n).
      expect(distance).toBeLessThan(1.63 / Math.sqrt(replicas));
      expect(dns.failureShare(10)).toBe(0);
      controlPlane.checkBooks();
    });

    it('after a long outage the measured 36.5 s is the median: waits at the cap are even on 30 to 60 s', () => {
      // By hand: the rest of a wait is shorter than 36.5 s with probability 30/45 + (30^2 - 23.5^2) / (2 * 30 * 45) = 0.7954.
      const informer = recoveryDistribution(900);
      expect(informer(36.5)).toBeCloseTo(0.7954, 2);
      expect(informer(36.5) ** 3).toBeCloseTo(0.5033, 2);
      expect(informer(60)).toBeCloseTo(1, 6);
    });

    it('a name whose Service and Namespace are there is answered before the last informer is', () => {
      let tested = 0;
      for (let seed = 1; seed <= 12; seed++) {
        const simulation = new Simulation({ seed });
        const bench = { names: NAMES, headless: NAMES / 2, ...informers };
        const { controlPlane, dns } = createDnsBench(simulation, {}, bench);
        const [process] = dns.processes;
        outage(simulation, controlPlane, seconds(20), () => dns.restart(0));
        const isIn = (resource: 'services' | 'namespaces' | 'endpointslices'): boolean =>
          dns.informers.hasSynced(0, resource);
        while (!(isIn('services') && isIn('namespaces'))) advance(simulation, ms(10));
        if (isIn('endpointslices')) continue;
        tested++;
        expect(process!.isReady).toBe(false);
        expect(process!.answer(0)).toBe(0);
        expect(process!.answer(NAMES - 1)).toBe(Answer.failed);
        expect(process!.failingShare()).toBe(0.5);
      }
      expect(tested).toBeGreaterThan(0);
    });

    it('what was SERVFAIL before stays so for the five seconds it is remembered, not longer', () => {
      const simulation = new Simulation({ seed: 3 });
      const { controlPlane, dns, events } = createDnsBench(
        simulation,
        {},
        { names: NAMES, headless: NAMES, ...informers },
      );
      const [process] = dns.processes;
      outage(simulation, controlPlane, seconds(20), () => dns.restart(0));
      let answeredAt = -1;
      for (let i = 0; i < 1000 && answeredAt < 0; i++) {
        if (process!.answer(0) === 0) answeredAt = simulation.now;
        advance(simulation, ms(100));
      }
      const readyAt = events.find(({ what }) => what === 'ready')!.at * seconds(1);
      expect(answeredAt).toBeGreaterThanOrEqual(readyAt);
      expect(answeredAt - readyAt).toBeLessThanOrEqual(seconds(5) + ms(100));
    });
  });

  describe('an endpoint changes', () => {
    /** Seconds until a name that is asked for four times a second has its new value, when it was cached `age` seconds ago. */
    function delayUntilSeen(age: number, withCache: boolean): number {
      const simulation = new Simulation({ seed: 1 });
      const { dns, records } = createDnsBench(
        simulation,
        {},
        { headless: 10, without: withCache ? [] : ['cache'], ...informers },
      );
      const [process] = dns.processes;
      expect(process!.answer(0)).toBe(0);
      advance(simulation, seconds(age));
      records.change(0, 7);
      const changedAt = simulation.now;
      while (process!.answer(0) !== 7) advance(simulation, ms(250));
      return (simulation.now - changedAt) / seconds(1);
    }

    it('and is seen when the cached answer runs out: 30 s at most', () => {
      expect(delayUntilSeen(0, true)).toBe(30);
      expect(delayUntilSeen(12, true)).toBe(18);
      expect(delayUntilSeen(29, true)).toBe(1);
    });

    it('at once where the cluster zone is not cached', () => {
      expect(delayUntilSeen(0, false)).toBe(0);
    });
  });
});
