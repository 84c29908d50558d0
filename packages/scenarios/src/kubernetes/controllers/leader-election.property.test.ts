import { createArbitraries } from '@brownout/core/testing';
import { minutes, ms, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kubeControllerManager } from '../flow-control/identity.ts';
import { advance, createBench, flatCosts } from '../testing/bench.ts';
import { LeaderElection } from './leader-election.ts';

const arbitrary = createArbitraries(fc);

it('whatever breaks, at most one candidate holds the lease, and when nothing breaks any more one does', () => {
  const story = fc.array(
    fc.record({
      wait: arbitrary.duration(seconds(25)),
      deed: fc.constantFrom('kill server', 'kill holder', 'kill candidate', 'make slow', 'make fast'),
      number: fc.nat({ max: 9 }),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.nat(),
      story,
      (candidates, optimistic, seed, deeds) => {
        const simulation = new Simulation({ seed });
        const costs = flatCosts({ 'lease-update': { cpuMs: 2 }, get: { cpuMs: 2 } });
        const { controlPlane } = createBench(simulation, { apiServers: 2, cores: 8, costs });
        let working = 0;
        const election = new LeaderElection(
          simulation,
          'manager',
          {
            leaseDuration: seconds(15),
            renewDeadline: seconds(10),
            retryPeriod: seconds(2),
            candidates,
            renewsOptimistically: optimistic,
          },
          {
            controlPlane,
            identity: kubeControllerManager,
            observer: { leaderStarted: () => void working++, leaderStopped: () => void working-- },
          },
        );
        working = 1;
        const step = (time: number): void => {
          for (let left = time; left > 0; left -= ms(250)) {
            advance(simulation, Math.min(left, ms(250)));
            expect(election.holders).toBeLessThanOrEqual(1);
            expect(working).toBe(election.isLeading ? 1 : 0);
          }
        };
        for (const { wait, deed, number } of deeds) {
          step(wait);
          if (deed === 'kill server') controlPlane.servers[number % 2]!.kill('memory');
          else if (deed === 'kill holder' && election.leader >= 0) election.kill(election.leader);
          else if (deed === 'kill candidate') election.kill(number % candidates);
          else if (deed === 'make slow') controlPlane.servers.forEach((server) => server.cpu.setCores(0.0005));
          else if (deed === 'make fast') controlPlane.servers.forEach((server) => server.cpu.setCores(8));
        }
        controlPlane.servers.forEach((server) => server.cpu.setCores(8));
        // The longest crash back-offs of servers and processes, then a lease duration and some.
        step(minutes(12));
        expect(election.holders).toBe(1);
        expect(election.isLeading).toBe(true);
        controlPlane.checkBooks();
      },
    ),
    { seed: 20241211, numRuns: 25 },
  );
});
