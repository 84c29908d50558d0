/** What a page keeps of the drills that it hosts: bounded, and read with suspicion. */
import { describe, expect, it } from 'vitest';
import type { DrillOrder, KeptPast } from '../exercise/engine/drill-protocol.ts';
import { hostTabs, isHosted } from '../exercise/drill/tab-transport.ts';
import { forget, keepOrder, keepPast, keptDrills, longestKept, mostKept } from '../exercise/drill/kept-drills.ts';

class MemoryShelf {
  readonly items: Map<string, string> = new Map();
  /** Characters that it has room for. */
  room = Infinity;

  get length(): number {
    return this.items.size;
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    if (text.length > this.room) throw new Error('QuotaExceededError');
    this.items.set(key, text);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

const order: DrillOrder = {
  source: { kind: 'incident', id: 'telemetry-rollout' },
  seed: '1',
  trainees: [{ name: 'Alex', roles: ['platform'] }],
  difficulty: 'guided',
  colleagues: 'by-difficulty',
  hintsAllowed: true,
  speed: 10,
  beginsAtOnce: true,
  code: 'abcd-efgh',
  facilitatorCode: 'abcd-efgh-jkmn',
};
const past: KeptPast = {
  log: [{ t: 12, by: 'Alex', kind: 'line', line: 'help' }],
  untilSeconds: 40,
  state: 'running',
  engine: '0.1.0',
  digest: '0123456789abcdef',
};

describe('drills that are kept', () => {
  it('can be taken up once something is known of them, the latest first, until they are forgotten', () => {
    const shelf = new MemoryShelf();
    expect(keepOrder(shelf, 'one', order, 1)).toBe(true);
    // It is being prepared: it is kept, and there is nothing to take up.
    expect(keptDrills(shelf)).toEqual([]);
    expect(shelf.length).toBe(2);
    expect(keepPast(shelf, 'one', past, 2)).toBe(true);
    keepOrder(shelf, 'two', order, 3);
    keepPast(shelf, 'two', { ...past, untilSeconds: 50 }, 4);
    expect(keptDrills(shelf).map(({ session, at }) => [session, at])).toEqual([
      ['two', 4],
      ['one', 2],
    ]);
    expect(keptDrills(shelf)[1]).toEqual({ session: 'one', order, past, at: 2 });
    forget(shelf, 'two');
    forget(shelf, 'one');
    expect(shelf.length).toBe(0);
  });

  it('are few, and none is too long', () => {
    const shelf = new MemoryShelf();
    for (let drill = 0; drill < 6; drill++) {
      keepOrder(shelf, `d${drill}`, order, 10 * drill);
      keepPast(shelf, `d${drill}`, past, 10 * drill + 1);
    }
    expect(keptDrills(shelf).map(({ session }) => session)).toEqual(['d5', 'd4', 'd3'].slice(0, mostKept));
    expect(shelf.length).toBe(2 * mostKept);

    const long = { kind: 'text', name: 'a.yaml', text: 'x'.repeat(longestKept) } as const;
    expect(keepOrder(shelf, 'long', { ...order, source: long }, 70)).toBe(false);
    const log = Array.from(
      { length: 5000 },
      (_, t) => ({ t, by: 'Alex', kind: 'line', line: 'x'.repeat(200) }) as const,
    );
    expect(keepPast(shelf, 'd5', { ...past, log }, 71)).toBe(false);
    // Half of it is not what there was: it is not offered.
    expect(keptDrills(shelf).map(({ session }) => session)).not.toContain('d5');
    shelf.room = 10;
    expect(keepPast(shelf, 'd4', past, 72)).toBe(false);
  });

  it('are told that they are not kept, when there was no room for their order or others have displaced it', () => {
    const shelf = new MemoryShelf();
    const long = { kind: 'text', name: 'a.yaml', text: 'x'.repeat(longestKept) } as const;
    keepOrder(shelf, 'long', { ...order, source: long }, 1);
    expect(keepPast(shelf, 'long', past, 2)).toBe(false);
    for (let drill = 0; drill <= mostKept; drill++) keepOrder(shelf, `d${drill}`, order, 10 + drill);
    expect(keepPast(shelf, 'd0', past, 30)).toBe(false);
    expect(keepPast(shelf, 'd1', past, 30)).toBe(true);
    expect([...shelf.items.keys()].filter((key) => /long|d0/.test(key))).toEqual([]);
  });

  it('are those that no tab hosts any more', async () => {
    // A host that nobody calls.
    const stop = hostTabs('hosted', {} as Parameters<typeof hostTabs>[1]);
    expect(await isHosted('hosted')).toBe(true);
    stop();
    expect(await isHosted('hosted')).toBe(false);
  });

  it('are left out, and forgotten, when they are something else', () => {
    const bad: readonly (readonly [string, unknown, unknown])[] = [
      ['text', 'x', { at: 1, past }],
      ['list', [], { at: 1, past }],
      ['source', { ...order, source: { kind: 'url', url: 'x' } }, { at: 1, past }],
      ['difficulty', { ...order, difficulty: '__proto__' }, { at: 1, past }],
      ['speed', { ...order, speed: 1e9 }, { at: 1, past }],
      ['trainees', { ...order, trainees: Array.from({ length: 50 }, () => order.trainees[0]) }, { at: 1, past }],
      ['start', { ...order, startSeconds: '1' }, { at: 1, past }],
      ['at', order, { past }],
      ['log', order, { at: 1, past: { ...past, log: 'x' } }],
      ['entry', order, { at: 1, past: { ...past, log: [3] } }],
      ['until', order, { at: 1, past: { ...past, untilSeconds: null } }],
      ['state', order, { at: 1, past: { ...past, state: 'preparing' } }],
    ];
    for (const [name, one, other] of bad) {
      const shelf = new MemoryShelf();
      shelf.setItem(`brownout-drill/${name}/order`, JSON.stringify(one));
      shelf.setItem(`brownout-drill/${name}/past`, JSON.stringify(other));
      shelf.setItem('something-else', '{}');
      expect([name, keptDrills(shelf)]).toEqual([name, []]);
      expect([...shelf.items.keys()]).toEqual(['something-else']);
    }
  });
});
