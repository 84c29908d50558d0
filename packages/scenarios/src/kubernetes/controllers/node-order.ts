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

/** Whether the `index`-th node that joins is one of a share of them: what a share stands for is dealt out evenly. */
export function isDealt(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share);
}
