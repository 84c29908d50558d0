/**
 * The slider over the whole run. What is seen of it moves at every beat without layout and paint, as the other lines of the time
 * do; the slider itself, which takes keys and the mouse and speaks to those who do not see it, lies unseen above it.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RunInfo } from '../engine/protocol.ts';
import { useExercise } from '../exercise-context.ts';
import { TimeLine } from '../time-line.ts';
import { usePlayhead } from '../use-playhead.ts';
import { useWidth } from '../use-width.ts';
import { afterOf, clockOf } from './time.ts';

/** Width of the handle, in pixels; its middle is at the time. */
const handleWidth = 16;

/** Seconds of the run; its step is that of the frames, so that every place has numbers of its own. */
export function Position({ info }: { readonly info: RunInfo }) {
  const exercise = useExercise();
  const { player, beat } = exercise;
  const t = usePlayhead(exercise, 2);
  const bar = useRef<HTMLDivElement>(null);
  const slider = useRef<HTMLInputElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const done = useRef<HTMLDivElement>(null);
  const width = useWidth(bar);
  const { startSeconds: start, endSeconds: end } = info;
  const follow = (): void => {
    if (slider.current !== null) slider.current.value = String(player.time.value);
  };
  useLayoutEffect(() => {
    if (handle.current === null || done.current === null) return undefined;
    const [knob, edge] = [new TimeLine(handle.current), new TimeLine(done.current)];
    return beat.add(() => {
      const x = ((player.time.value - start) / (end - start)) * (width - handleWidth);
      knob.moveTo(x);
      edge.moveTo(x + handleWidth / 2);
    });
  }, [beat, player, start, end, width]);
  // The unseen slider follows less often: with each value that it gets the browser lays it out.
  useLayoutEffect(follow, [t, info]);
  return (
    <div class="position-bar" ref={bar}>
      <input
        ref={slider}
        type="range"
        class="position"
        aria-label="time"
        aria-valuetext={`${clockOf(t, info.clock.zeroOfDay)} ${info.clock.zone}, ${afterOf(t)}`}
        min={start}
        max={end}
        step={info.frameSeconds}
        onKeyDown={follow}
        onInput={(event) => player.seek(Number(event.currentTarget.value))}
      />
      <div class="position-track">
        <div class="position-done" ref={done} />
      </div>
      <div class="position-handle" ref={handle} />
    </div>
  );
}
