/** Tests of the counting behind the closing line: it must never be greener than the run. */
import { describe, expect, it } from 'vitest';
import { addCounts, closingLine, countTests } from './summary.mjs';

/**
 * @param {string} status
 * @param {readonly string[]} tests
 */
function file(status, tests) {
  return { name: 'a.test.ts', status, assertionResults: tests.map((each) => ({ status: each })) };
}

describe('counting tests', () => {
  it('sums the tests of all files', () => {
    const report = { success: true, testResults: [file('passed', ['passed', 'pending']), file('passed', ['passed'])] };
    expect(countTests(report, 0)).toEqual({ passed: 2, failed: 0, skipped: 1 });
  });

  it('counts a file that could not run as one failure', () => {
    const report = { success: false, testResults: [file('failed', []), file('failed', ['failed', 'passed'])] };
    expect(countTests(report, 1)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });

  it('never shows a red run as green', () => {
    const green = { success: true, testResults: [file('passed', ['passed'])] };
    expect(countTests(green, 1).failed).toBe(1);
    expect(countTests({ ...green, success: false }, 0).failed).toBe(1);
    expect(countTests(undefined, 0).failed).toBe(1);
    expect(countTests(green, null).failed).toBe(1);
  });
});

describe('the closing line', () => {
  it('names the skipped only when there are some', () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
    expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });

  it('adds parts', () => {
    const part = { passed: 1, failed: 2, skipped: 3 };
    expect(addCounts([part, part])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});
