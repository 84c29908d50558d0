/** What is left of a life met at a random moment. */
import type { Duration, Stream } from '@brownout/core';
import type { RandomTime } from './options.ts';

/**
 * What is left of the life of a connection met at a random moment: lives are laid end to end from well before that moment,
 * which gives the residual life of a renewal process without knowing the distribution.
 */
export function residualLife(lifetime: RandomTime, stream: Stream): Duration {
  let left = -(4 + stream.uniform()) * lifetime.mean();
  while (left <= 0) left += Math.max(1, lifetime.sample(stream));
  return Math.ceil(left) as Duration;
}
