import { noRecord, Simulation, seconds, Trace } from '@brownout/core';
import { expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { Chronicle, noCause } from './chronicle.ts';

function setUp() {
  const simulation = new Simulation({ seed: 1 });
  const trace = new Trace(simulation, { keep: 'all' });
  return { simulation, trace, chronicle: new Chronicle(simulation, trace) };
}

it('a chain leads from an effect back to a cause of its own, latest first', () => {
  const { simulation, chronicle } = setUp();
  const rollout = chronicle.note('rollout', 'rolled out', noCause, 'large');
  advance(simulation, seconds(5));
  const other = chronicle.note('alert', 'something else', noCause);
  const kill = chronicle.note('memory-kill', 'killed', rollout, 'large');
  const dns = chronicle.note('dns', 'name gone', kill, 'large');
  expect(chronicle.chain(dns).map((note) => note.text)).toEqual(['name gone', 'killed', 'rolled out']);
  expect(chronicle.chain(other)).toHaveLength(1);
  expect(chronicle.notes[kill]).toEqual({
    at: seconds(5),
    kind: 'memory-kill',
    text: 'killed',
    cluster: 'large',
    causedBy: rollout,
  });
});

it('every note is a record of the trace with the record of its cause', () => {
  const { trace, chronicle } = setUp();
  const rollout = chronicle.note('rollout', 'rolled out', noCause, 'large');
  chronicle.note('memory-kill', 'killed', rollout, 'large');
  const [first, second] = trace.records();
  expect(first?.causedBy).toBe(noRecord);
  expect(second?.causedBy).toBe(first?.id);
  expect(first?.kind).toBe('rollout');
  expect(second?.kind).toBe('memory-kill');
});

it('stories that differ have digests that differ', () => {
  const digest = (cluster: string): string => {
    const { trace, chronicle } = setUp();
    chronicle.note('alert', 'a', noCause, 'first');
    chronicle.note('alert', 'b', noCause, cluster);
    return trace.digest();
  };
  expect(digest('first')).not.toBe(digest('second'));
});
