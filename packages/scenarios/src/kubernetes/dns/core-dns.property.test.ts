/** Whatever is done to API servers, the way to them and CoreDNS itself: when it is over, every name is known to everybody. */
import { minutes, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { Answer } from './core-dns-answers.ts';
import { manifestMemoryLimit, observedListFactor } from './core-dns-options.ts';
import { createDnsBench } from './testing/dns-bench.ts';

const NAMES = 6;
const REPLICAS = 3;

const what = fc.oneof(
  fc.record({ kill: fc.nat({ max: 1 }) }),
  fc.record({ restart: fc.nat({ max: REPLICAS - 1 }) }),
  fc.record({ name: fc.nat({ max: NAMES - 1 }), value: fc.integer({ min: -1, max: 5 }) }),
  fc.record({ isBlocked: fc.boolean() }),
);
const story = fc.array(fc.tuple(what, fc.nat({ max: 90_000 })), { maxLength: 25 });

it.each([
  ['plain informers', {}],
  ['reflectors', { release: 30 }],
  ['reflectors that stream', { release: 35 }],
])('%s recover from everything', (_name, informers) => {
  fc.assert(
    fc.property(story, fc.nat({ max: 1000 }), (steps, seed) => {
      const simulation = new Simulation({ seed });
      const { controlPlane, dns, records } = createDnsBench(
        simulation,
        {
          replicas: REPLICAS,
          memory: {
            limitBytes: manifestMemoryLimit,
            pods: 58_000,
            services: 0,
            listFactor: observedListFactor,
            listHold: seconds(1),
          },
        },
        { apiServers: 2, names: NAMES, headless: NAMES / 2, ...informers },
      );
      const block = (isBlocked: boolean): void => {
        if (isBlocked === controlPlane.isBlocked) return;
        if (isBlocked) controlPlane.block();
        else controlPlane.unblock();
        if (isBlocked) dns.pathBlocked();
        else dns.pathOpened();
      };
      for (const [step, milliseconds] of steps) {
        if ('kill' in step) controlPlane.servers[step.kill]!.kill('liveness');
        else if ('restart' in step) dns.restart(step.restart);
        else if ('isBlocked' in step) block(step.isBlocked);
        else records.change(step.name, step.value);
        advance(simulation, milliseconds * 1000);
        const share = dns.failureShare(3);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      block(false);
      for (const server of controlPlane.servers) server.resize(1, Infinity);
      // The longest waits: a request of 60 s, a crash back-off of 5 min, a reflector's of 1 min; and rounds of them.
      advance(simulation, minutes(30));
      expect(dns.syncedReplicas).toBe(REPLICAS);
      expect(dns.routedReplicas).toBe(REPLICAS);
      expect(dns.failureShare(3)).toBe(0);
      for (const process of dns.processes) {
        expect(process.staleNames).toBe(0);
        for (let name = 0; name < NAMES; name++) {
          const value = records.valueAt(name, records.revision);
          expect(process.answer(name)).toBe(value < 0 ? Answer.denied : value);
        }
      }
      controlPlane.checkBooks();
    }),
    { seed: 29, numRuns: 40 },
  );
});
