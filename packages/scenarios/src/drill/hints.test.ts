import { describe, expect, it } from 'vitest';
import { hintAt, phaseOf } from './hints.ts';

const nothing = {
  hasSign: false,
  hasBegun: false,
  isLockedOut: false,
  hasTakenBack: false,
  isQuiet: true,
};
const names = { agent: 'telemetry-agent', cluster: 'large-1' };

describe('a phase', () => {
  it('goes by what was seen and done, the furthest first', () => {
    expect(phaseOf(nothing)).toBe('notice');
    expect(phaseOf({ ...nothing, hasSign: true })).toBe('orient');
    expect(phaseOf({ ...nothing, hasSign: true, hasBegun: true })).toBe('act');
    expect(phaseOf({ ...nothing, hasSign: true, hasBegun: true, isLockedOut: true })).toBe('locked-out');
    expect(phaseOf({ ...nothing, hasSign: true, isLockedOut: true, hasTakenBack: true, isQuiet: false })).toBe(
      'recover',
    );
    expect(phaseOf({ ...nothing, hasSign: true, hasTakenBack: true })).toBe('close');
  });
});

describe('a ladder', () => {
  it('goes from a question to a command with the names of the day, and ends', () => {
    expect(hintAt('locked-out', 0, names)).toMatch(/\?$/);
    expect(hintAt('locked-out', 2, names)).toContain(
      'ssh large-1-control-plane kubectl delete daemonset telemetry-agent',
    );
    expect(hintAt('locked-out', 3, names)).toBeUndefined();
  });

  it("is the document's own where it has one for the phase", () => {
    const own = [{ phase: 'act', text: 'Think of <agent>.' }] as const;
    expect(hintAt('act', 0, names, own)).toBe('Think of telemetry-agent.');
    expect(hintAt('act', 1, names, own)).toBeUndefined();
    expect(hintAt('orient', 0, names, own)).toMatch(/An alert says/);
  });
});
