/** The time of the player for components: as often as wanted, not at every beat. */
import { useEffect, useState } from 'preact/hooks';
import type { Player } from './player.ts';

/**
 * The time shown, in seconds after the trigger, at most `perSecond` times a second while it plays and at once when it rests.
 * Drawing that has to follow every beat subscribes to `player.time` itself.
 */
export function usePlayhead(player: Player, perSecond: number): number {
  const [time, setTime] = useState(player.time.value);
  useEffect(() => {
    let last = -Infinity;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (): void => {
      timer = undefined;
      last = performance.now();
      setTime(player.time.value);
    };
    const hear = (): void => {
      const wait = last + 1000 / perSecond - performance.now();
      if (wait <= 0 || !player.playing.value.isPlaying) show();
      else timer ??= setTimeout(show, wait);
    };
    const stop = player.time.subscribe(hear);
    show();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [player, perSecond]);
  return time;
}
