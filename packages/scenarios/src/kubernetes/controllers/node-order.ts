import type { Stream } from '@brownout/core';

/** The numbers from 0 up to `count`, in random order (Fisher-Yates): the order in which a controller happens to meet the nodes. */
export function shuffled(count: number, stream: Stream): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let i = count - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
