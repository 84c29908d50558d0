/** Commands to the API: what is sent, who is locked out, and for how long. */
import { minutes } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../../kubernetes/testing/bench.ts';
import { createPlaybookBench, step, takes } from './testing/bench.ts';

const rollBack = { action: 'roll-back' } as const;
const unblock = { action: 'unblock-admin-api' } as const;

describe('lock-out', () => {
  it('lasts from the first command that failed to the first that did not, whatever they were', () => {
    const steps = [
      step({ action: 'revoke-role' }, { retry: { pause: takes(minutes(1)), attempts: 2 } }),
      step(rollBack, { when: { ended: ['revoke-role'] } }),
      step(unblock, { when: { started: ['revoke-role'], wait: takes(minutes(20)) } }),
    ];
    const { simulation, ring, rollOut, at, sites, people } = createPlaybookBench({ steps, nodes: [5, 5] });
    rollOut();
    ring();
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(40));
    expect(at('revoke-role fails: the API does not answer')).toBe(4.5);
    expect(at('revoke-role given up after 2 tries')).toBe(6);
    expect(at('block of the admin API lifted')).toBe(24);
    const lockOuts = people.lockOuts();
    expect(lockOuts).toHaveLength(1);
    expect(lockOuts[0]).toMatchObject({ cluster: 'c0', firstFailure: minutes(4.5) });
    expect(lockOuts[0]!.firstSuccess / minutes(1)).toBeCloseTo(at('agent deleted')!, 9);
    expect(lockOuts[0]!.firstSuccess).toBeGreaterThan(minutes(24));
    expect(lockOuts[0]!.firstSuccess).toBeLessThan(minutes(26));
    sites[0]!.cluster.controlPlane.checkBooks();
  });

  it('is past a block from inside, and never, block or not, where the break-glass server answers', () => {
    for (const [path, isLockedOut] of [
      ['api', true],
      ['inside', false],
      ['break-glass', false],
    ] as const) {
      const breakGlass = { cores: 1, memoryLimitBytes: Infinity };
      const { simulation, ring, rollOut, sites, at } = createPlaybookBench({
        steps: [step(rollBack, { path })],
        cluster: { breakGlass },
      });
      rollOut();
      ring();
      const { cluster } = sites[0]!;
      cluster.blockAdminApi();
      // Out of band: neither the block nor the loss of all other servers closes this way.
      if (path === 'break-glass') for (const server of cluster.controlPlane.balanced) server.loseMachine();
      advance(simulation, minutes(20));
      expect(at('agent deleted') === undefined).toBe(isLockedOut);
      cluster.controlPlane.checkBooks();
    }
  });

  it('a command is what kubectl sends: discovery once in ten minutes, reads, one write', () => {
    const steps = [
      step(rollBack),
      step({ action: 'revoke-role' }, { when: { succeeded: ['roll-back'] } }),
      step(
        { action: 'flow-schema', priorityLevel: 'catch-all' },
        { when: { succeeded: ['revoke-role'], wait: takes(minutes(30)) } },
      ),
    ];
    const { simulation, ring, rollOut, sites } = createPlaybookBench({ steps });
    const sent = (): number =>
      sites[0]!.cluster.controlPlane.groups
        .filter(({ name }) => name.startsWith('operator'))
        .reduce((sum, group) => sum + group.sent, 0);
    rollOut();
    ring();
    advance(simulation, minutes(10));
    // Two for discovery, DaemonSet, revisions, write; then object and write.
    expect(sent()).toBe(2 + 3 + 2);
    advance(simulation, minutes(40));
    expect(sent()).toBe(2 + 3 + 2 + 2 + 2);
  });

  it('two commands at once are two people', () => {
    const steps = [step(rollBack), step({ action: 'revoke-role' })];
    const { simulation, ring, rollOut, at, sites } = createPlaybookBench({ steps });
    rollOut();
    ring();
    advance(simulation, minutes(6));
    expect(at('agent deleted')).toBeLessThan(4.1);
    expect(at('role of agent taken away')).toBeLessThan(4.1);
    const names = sites[0]!.cluster.controlPlane.groups.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('operator'))).toEqual(['operator', 'operator-2']);
  });

  it('a change taken back by one ends the tries of the other', () => {
    const steps = [
      step(rollBack),
      step(
        { action: 'delete-daemonset' },
        { path: 'inside', when: { failed: ['roll-back'], wait: takes(minutes(5)) } },
      ),
    ];
    const { simulation, ring, rollOut, sites, times } = createPlaybookBench({ steps });
    rollOut();
    ring();
    sites[0]!.cluster.blockAdminApi();
    advance(simulation, minutes(20));
    expect(times('agent deleted')).toHaveLength(1);
    const operator = sites[0]!.cluster.controlPlane.groups.find(({ name }) => name === 'operator')!;
    const { sent } = operator;
    sites[0]!.cluster.unblockAdminApi();
    advance(simulation, minutes(20));
    expect(operator.sent).toBe(sent);
  });
});
