import { ms, seconds } from '@brownout/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEtcdBench, type EtcdBench } from './testing/etcd-bench.ts';

type Step =
  | { readonly kind: 'write' | 'read' | 'local read'; readonly at: number; readonly count: number }
  | { readonly kind: 'crash'; readonly at: number }
  | { readonly kind: 'isolate'; readonly at: number; readonly reachClients: boolean }
  | { readonly kind: 'lose zone' | 'restore zone'; readonly at: number }
  | { readonly kind: 'heal' }
  | { readonly kind: 'slow disk' | 'stall disk'; readonly at: number; readonly amount: number }
  | { readonly kind: 'wait'; readonly amount: number };

const server = fc.integer({ min: 0, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom('write', 'read', 'local read'),
      at: server,
      count: fc.constantFrom(1, 4, 30, 90),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash'), at: server }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('isolate'), at: server, reachClients: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('lose zone', 'restore zone'), at: fc.integer({ min: 0, max: 2 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('heal') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('slow disk', 'stall disk'),
      at: server,
      amount: fc.constantFrom(1, 10, 500, 2500),
    }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('wait'), amount: fc.constantFrom(0.3, 2, 40, 900, 3000) }) },
);

function perform(bench: EtcdBench, members: number, action: Step): void {
  const { etcd } = bench;
  switch (action.kind) {
    case 'write':
    case 'read':
    case 'local read':
      for (let i = 0; i < action.count; i++) {
        bench.ask(action.kind === 'write' ? 'object-update' : 'get', action.at % members, action.kind === 'local read');
        if (action.count > 4) bench.advance(ms(0.3));
      }
      return;
    case 'crash':
      etcd.crash(action.at % members);
      return;
    case 'isolate':
      etcd.isolate([action.at % members], { reachClients: action.reachClients });
      return;
    case 'lose zone':
      etcd.loseZone(action.at);
      return;
    case 'restore zone':
      etcd.restoreZone(action.at);
      return;
    case 'heal':
      etcd.heal();
      return;
    case 'slow disk':
      etcd.slowDisk(action.at % members, Math.min(action.amount, 500));
      return;
    case 'stall disk':
      etcd.stallDisk(action.at % members, ms(action.amount));
      return;
    case 'wait':
      bench.advance(ms(action.amount));
  }
}

it('whatever is done to it: every request is answered once, a term has one leader, and no committed write is lost', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 3, 5),
      fc.constantFrom(2500, 50_000),
      fc.integer({ min: 1, max: 1000 }),
      fc.array(step, { minLength: 5, maxLength: 80 }),
      (members, memory, seed, steps) => {
        const zones = [0, 1, 2, 0, 1].slice(0, members);
        const bench = createEtcdBench({
          members,
          seed,
          memory,
          costs: { 'object-update': { etcdMs: 0.2 }, get: { etcdMs: 40, etcdBytes: 120 } },
          raft: { zones },
        });
        const revisions: number[] = [];
        const committed: number[] = [];
        bench.etcd.onCommitted((_, revision, __, label) => {
          revisions.push(revision);
          committed.push(label);
        });
        for (const action of steps) perform(bench, members, action);
        for (const zone of [0, 1, 2]) bench.etcd.restoreZone(zone);
        bench.etcd.heal();
        for (let member = 0; member < members; member++) bench.etcd.slowDisk(member, 1);
        bench.advance(seconds(200));
        // Answered once: the bench refuses a second answer, and none is missing.
        expect(bench.answers).toHaveLength(asked(steps).length);
        expect(bench.requests.openCount).toBe(0);
        expect(bench.etcd.raft!.commits.pending.count).toBe(0);
        expect(bench.etcd.raft!.reads.count).toBe(0);
        // Memory is given back.
        for (let member = 0; member < members; member++) expect(bench.etcd.memoryBytes(member)).toBe(0);
        // One leader per term; the engine itself throws when a new leader lacks a committed entry.
        const terms = bench.events.filter((event) => event.includes('leads')).map((event) => event.split(' ').at(-1));
        expect(new Set(terms).size).toBe(terms.length);
        // Revisions count up without a gap, and every write that was answered ok is among them, once.
        expect(revisions).toEqual(revisions.map((_, i) => i + 2));
        expect(new Set(committed).size).toBe(committed.length);
        for (const { label, outcome } of bench.answers) {
          if (outcome === 'ok' && asked(steps)[label] === 'write') expect(committed).toContain(label);
        }
        // It lives: with everything repaired, a write goes through.
        bench.ask('object-update', 0);
        bench.advance(seconds(1));
        expect(bench.answers.at(-1)).toMatchObject({ outcome: 'ok' });
      },
    ),
    { seed: 20241211, numRuns: 200 },
  );
});

/** Kind of every request of a story, by label. */
function asked(steps: readonly Step[]): string[] {
  return steps.flatMap((action) => ('count' in action ? Array<string>(action.count).fill(action.kind) : []));
}
