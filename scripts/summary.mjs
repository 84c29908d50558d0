/** Counts what a run of all checks passed and failed, from the results themselves. */

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ status: string }} AssertionResult
 * @typedef {{ name: string, status: string, message?: string, assertionResults: readonly AssertionResult[] }} FileResult
 * @typedef {{ success: boolean, testResults: readonly FileResult[] }} VitestReport the part of `--reporter=json` that is read
 */

/**
 * Counts tests. A test file that could not run counts as one failure, and so does a run that failed without naming a
 * test (an unhandled error, a crash before the report was written): a red run never shows `0 failed`.
 * @param {VitestReport | undefined} report undefined when the runner left none
 * @param {number | null} exitCode of the runner
 * @returns {Counts}
 */
export function countTests(report, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    let failedHere = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed++;
      else if (status === 'failed') failedHere++;
      else counts.skipped++;
    }
    if (file.status === 'failed' && failedHere === 0) failedHere = 1;
    counts.failed += failedHere;
  }
  const isRed = exitCode !== 0 || report?.success !== true;
  if (isRed && counts.failed === 0) counts.failed = 1;
  return counts;
}

/**
 * @param {readonly Counts[]} parts
 * @returns {Counts}
 */
export function addCounts(parts) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const part of parts) {
    sum.passed += part.passed;
    sum.failed += part.failed;
    sum.skipped += part.skipped;
  }
  return sum;
}

/**
 * The closing line that a machine reads: it stands alone and last.
 * @param {Counts} counts
 * @returns {string}
 */
export function closingLine(counts) {
  const line = `${counts.passed} passed, ${counts.failed} failed`;
  return counts.skipped === 0 ? line : `${line}, ${counts.skipped} skipped`;
}
