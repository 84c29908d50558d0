/** The frame at the time that is shown, for components. */
import type { Frame } from '@brownout/scenarios';
import { useEffect, useState } from 'preact/hooks';
import type { Run } from './engine/run.ts';
import { useExercise } from './exercise-context.ts';

/** Between two renderings. */
const leastMilliseconds = 250;

/**
 * The frame, and a new rendering when it is another one - because time went on, or because frames came - but not more than
 * four times a second. Undefined while there is none.
 */
export function useFrame(run: Run): Frame | undefined {
  const { player, beat } = useExercise();
  const [index, setIndex] = useState(-1);
  useEffect(() => {
    let shown = NaN;
    return beat.nowAndThen(leastMilliseconds, () => {
      const next = run.frames?.indexAt(player.time.value) ?? -1;
      if (next === shown) return false;
      shown = next;
      setIndex(next);
      return true;
    });
  }, [run, beat, player]);
  return index < 0 ? undefined : run.frames?.get(index);
}
