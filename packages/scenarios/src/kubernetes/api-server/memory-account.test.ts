import { seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../testing/bench.ts';
import { MemoryAccount, type MemoryOptions } from './memory-account.ts';

const MB = 1_000_000;

function setUp(limit: number, heap?: MemoryOptions['heap']) {
  const simulation = new Simulation({ seed: 1 });
  const blamed: string[] = [];
  const memory = new MemoryAccount(simulation, 'process', {
    limitBytes: limit,
    baselineBytes: () => 100 * MB,
    heap,
    onExceeded: (culprit) => blamed.push(culprit),
  });
  return { memory, blamed, settle: () => advance(simulation, seconds(1)) };
}

describe('who is blamed', () => {
  it('without a heap, the request that took the last of the memory', () => {
    const { memory, blamed, settle } = setUp(150 * MB);
    memory.hold(40 * MB, 'agents');
    memory.hold(0, 'leases');
    memory.hold(20 * MB, 'informers');
    settle();
    expect(blamed).toEqual(['informers']);
  });

  it('with one, never a request that needs no memory: what the last LIST allocated at its end is the LIST’s', () => {
    // 50 MB of the baseline live, goal 100 MB: the second LIST meets it, is collected to 50 + 40 MB, and the next goal is 180.
    const { memory, blamed, settle } = setUp(120 * MB, {});
    memory.hold(40 * MB, 'agents');
    memory.hold(40 * MB, 'agents');
    memory.hold(0, 'leases');
    settle();
    expect(blamed).toEqual([]);
    expect(memory.bytes).toBe(100 * MB);
    memory.release(40 * MB);
    settle();
    expect(memory.bytes).toBe(130 * MB);
    expect(blamed).toEqual(['agents']);
  });

  it('a new process blames nobody of the old one', () => {
    const { memory, blamed, settle } = setUp(90 * MB, {});
    memory.hold(1, 'agents');
    memory.clear();
    settle();
    memory.hold(0, 'leases');
    settle();
    expect(blamed).toEqual(['leases']);
  });
});
