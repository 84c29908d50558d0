import { seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance } from '../kubernetes/testing/bench.ts';
import { noCause } from './chronicle.ts';
import { type Fault, startFaults } from './faults.ts';
import { createChronicle, PretendedSite } from './testing/bench.ts';

function fault(text: string, at: number, until: number, log: string[], sites: Fault['sites'] = []): Fault {
  return {
    text,
    at: seconds(at),
    until: until === Infinity ? Infinity : seconds(until),
    sites,
    begin: (note) => log.push(`${text} begins, note ${note}`),
    end: () => log.push(`${text} ends`),
  };
}

describe('faults', () => {
  it('begin and end at their times, are noted with both, and are a cause of their own', () => {
    const simulation = new Simulation({ seed: 1 });
    const chronicle = createChronicle(simulation);
    const log: string[] = [];
    startFaults(simulation, chronicle, [fault('one', 10, 20, log), fault('two', 15, Infinity, log)]);
    advance(simulation, seconds(60));
    expect(log).toEqual(['one begins, note 0', 'two begins, note 1', 'one ends']);
    expect(chronicle.notes.map(({ at, text, causedBy }) => [at / seconds(1), text, causedBy])).toEqual([
      [10, 'one', noCause],
      [15, 'two', noCause],
      [20, 'over: one', 0],
    ]);
  });

  it('that begin together begin in the order given', () => {
    const simulation = new Simulation({ seed: 1 });
    const log: string[] = [];
    startFaults(simulation, createChronicle(simulation), [fault('b', 5, 9, log), fault('a', 5, 9, log)]);
    advance(simulation, seconds(60));
    expect(log).toEqual(['b begins, note 0', 'a begins, note 1', 'b ends', 'a ends']);
  });

  it('are what later trouble of their clusters is blamed on, and of no others', () => {
    const simulation = new Simulation({ seed: 1 });
    const [hit, spared] = ['hit', 'spared'].map((id) => new PretendedSite(id).asSite);
    startFaults(simulation, createChronicle(simulation), [fault('one', 5, 9, [], [hit!])]);
    advance(simulation, seconds(60));
    expect([hit!.lastCause, spared!.lastCause]).toEqual([0, noCause]);
  });
});
