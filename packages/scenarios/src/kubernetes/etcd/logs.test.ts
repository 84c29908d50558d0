import { describe, expect, it } from 'vitest';
import { Logs } from './logs.ts';

describe('logs are compared as raft compares them (thesis 3.6.1)', () => {
  it('by the term of the last entry first, then by length', () => {
    const logs = new Logs(3);
    logs.begin(1, 1);
    logs.receive(0, 10, 1);
    logs.receive(1, 8, 1);
    logs.begin(2, 9);
    logs.receive(2, 9, 2);
    expect(logs.isUpToDate(0, 1)).toBe(true);
    expect(logs.isUpToDate(1, 0)).toBe(false);
    expect(logs.isUpToDate(2, 0)).toBe(true);
    expect(logs.isUpToDate(0, 2)).toBe(false);
    expect(logs.isUpToDate(1, 1)).toBe(true);
  });

  it('a log cut back has the term of what is left', () => {
    const logs = new Logs(1);
    logs.begin(1, 1);
    logs.begin(4, 6);
    logs.receive(0, 9, 4);
    logs.cutTo(0, 20);
    expect([logs.entry[0], logs.term[0]]).toEqual([9, 4]);
    logs.cutTo(0, 7);
    expect([logs.entry[0], logs.term[0]]).toEqual([7, 4]);
    logs.cutTo(0, 5);
    expect([logs.entry[0], logs.term[0]]).toEqual([5, 1]);
    logs.cutTo(0, 0);
    expect([logs.entry[0], logs.term[0]]).toEqual([0, 0]);
  });

  it('a term that begins takes the place of what earlier terms had there', () => {
    const logs = new Logs(1);
    logs.begin(1, 1);
    logs.begin(2, 5);
    logs.begin(3, 4);
    logs.receive(0, 6, 3);
    logs.cutTo(0, 4);
    expect(logs.term[0]).toBe(3);
    logs.cutTo(0, 3);
    expect(logs.term[0]).toBe(1);
  });
});
