/** The time of the player for components: as often as wanted, not at every beat. */
import { useEffect, useState } from 'preact/hooks';
import type { Exercise } from './exercise-context.ts';

/**
 * The time shown, in seconds after the trigger, about `perSecond` times a second while it plays and at once when it rests.
 * Drawing that has to follow every beat looks at `player.time` at each of them.
 */
export function usePlayhead({ player, beat }: Pick<Exercise, 'player' | 'beat'>, perSecond: number): number {
  const [time, setTime] = useState(player.time.value);
  useEffect(() => {
    let shown = NaN;
    return beat.nowAndThen(1000 / perSecond, () => {
      const now = player.time.value;
      if (now === shown) return false;
      shown = now;
      setTime(now);
      return true;
    });
  }, [player, beat, perSecond]);
  return time;
}
