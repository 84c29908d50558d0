/**
 * Drops by second and the advice after them. Source: kubernetes/apiserver, tag kubernetes-1.36.3,
 * pkg/util/flowcontrol/dropped_requests_tracker_test.go, restated on the reference page, section 4.7.
 */
export const retryAfterHistory: readonly {
  readonly second: number;
  readonly drops: number;
  readonly expected: number;
}[] = [
  { second: 0, drops: 5, expected: 1 },
  { second: 1, drops: 11, expected: 2 },
  { second: 2, drops: 1, expected: 2 },
  { second: 3, drops: 11, expected: 4 },
  { second: 4, drops: 1, expected: 4 },
  { second: 7, drops: 1, expected: 8 },
  { second: 11, drops: 1, expected: 8 },
  { second: 15, drops: 1, expected: 7 },
  { second: 17, drops: 1, expected: 6 },
  { second: 21, drops: 14, expected: 5 },
  { second: 22, drops: 1, expected: 10 },
];
