/**
 * The strip below the picture: phases, and a lane for each kind of thing that happened. What is not computed yet is pale;
 * published facts are known from the start. It has the width of the slider, and a click goes to that time.
 */
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { MarkView } from '../../src/view/strip-view.ts';
import type { RunInfo, RunStory } from '../engine/protocol.ts';
import { useExercise } from '../exercise-context.ts';
import type { Run } from '../engine/run.ts';
import { useSelected } from '../store.ts';
import { TimeLine } from '../time-line.ts';
import { useWidth } from '../use-width.ts';
import { clockOf } from './time.ts';

const laneHeight = 13;
const phaseHeight = 17;
const axisHeight = 15;
/** Room for the names of lanes, in pixels; the charts have the same. */
const leftMargin = 84;
/** All lanes there may be, so that nothing moves when the first mark comes into one. */
const lanes: readonly string[] = [
  'published',
  'rollout',
  'control plane',
  'names',
  'users',
  'alerts',
  'people',
  'locked out',
  'recovery',
];

/** Room on the right. */
const rightMargin = 14;

interface TimelineProps {
  readonly run: Run;
  readonly info: RunInfo;
}

/** The strip; what moves with the time moves without anything being rendered again. */
export function Timeline({ run, info }: TimelineProps) {
  const { player, beat } = useExercise();
  const story = useSelected(run.state, (state) => state.story);
  const place = useRef<HTMLDivElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const pale = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const inner = Math.max(100, width - leftMargin - rightMargin);
  const { startSeconds: start, endSeconds: end } = info;
  const x = (t: number): number => leftMargin + ((t - start) / (end - start)) * inner;
  const bottom = phaseHeight + lanes.length * laneHeight;
  const height = bottom + axisHeight;
  useLayoutEffect(() => {
    if (cursor.current === null || pale.current === null) return undefined;
    const [line, edge] = [new TimeLine(cursor.current), new TimeLine(pale.current)];
    return beat.add(() => {
      line.moveTo(x(player.time.value));
      edge.moveTo(x(Math.max(start, run.state.value.until)));
    });
  }, [beat, run, start, end, inner]);
  const goTo = (event: PointerEvent): void => {
    const box = place.current?.getBoundingClientRect();
    if (box === undefined) return;
    player.seek(start + ((event.clientX - box.left - leftMargin) / inner) * (end - start));
  };
  return (
    <div
      class="timeline"
      ref={place}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        goTo(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && goTo(event)}
    >
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Timeline with ${story?.strip.marks.length ?? 0} marks in ${lanes.length} lanes`}
      >
        <Happened info={info} story={story} width={inner} x={x} height={bottom} />
      </svg>
      <div class="not-computed-clip" style={{ height: `${bottom}px`, right: `${rightMargin}px` }}>
        <div ref={pale} class="not-computed" />
      </div>
      <div ref={cursor} class="time-cursor" style={{ height: `${bottom + 3}px` }} />
    </div>
  );
}

interface HappenedProps {
  readonly info: RunInfo;
  readonly story: RunStory | undefined;
  readonly width: number;
  readonly height: number;
  readonly x: (t: number) => number;
}

/** Phases, lanes, marks and clock; rendered again only when one of them changes. */
function Happened({ info, story, width, height, x }: HappenedProps) {
  return useMemo(
    () => (
      <>
        {story?.phases.map(({ id, title, start, end }) => (
          <g key={id} class={`phase phase-${id}`}>
            <title>{title}</title>
            <rect x={x(start)} y={1} width={Math.max(0, x(end) - x(start))} height={phaseHeight - 4} />
            {x(end) - x(start) > title.length * 6.2 + 8 && (
              <text x={x(start) + 5} y={12}>
                {title}
              </text>
            )}
          </g>
        ))}
        {lanes.map((lane, index) => (
          <g key={lane} transform={`translate(0 ${phaseHeight + index * laneHeight})`}>
            <line class="lane" x1={leftMargin} x2={leftMargin + width} y1={laneHeight / 2} y2={laneHeight / 2} />
            <text class="lane-name" x={leftMargin - 8} y={laneHeight / 2 + 4}>
              {lane}
            </text>
            {story?.strip.marks
              .filter((mark) => mark.lane === lane)
              .map((mark, number) => (
                <Mark key={number} mark={mark} x={x(mark.t)} />
              ))}
          </g>
        ))}
        {ticksOf(info).map((t) => (
          <g key={t} transform={`translate(${x(t).toFixed(1)} 0)`}>
            <line class="tick" y1={phaseHeight - 2} y2={height + 3} />
            <text class="tick-name" y={height + 13}>
              {clockOf(t, info.clock.zeroOfDay).slice(0, 5)}
            </text>
          </g>
        ))}
        <line class="trigger" x1={x(0)} x2={x(0)} y1={phaseHeight - 2} y2={height}>
          <title>the trigger</title>
        </line>
      </>
    ),
    [info, story, width, height],
  );
}

/** Published facts are diamonds, what was simulated circles: colour says nothing that shape does not. */
function Mark({ mark, x }: { readonly mark: MarkView; readonly x: number }) {
  const y = laneHeight / 2;
  return (
    <g class={mark.isPublished ? 'mark published' : `mark ${mark.lane.replace(' ', '-')}`}>
      <title>{`${mark.clock} (${mark.after}) ${mark.isPublished ? 'published: ' : ''}${mark.text}`}</title>
      {mark.isPublished ? (
        <path d={`M${x.toFixed(1)} ${y - 5}l5 5l-5 5l-5 -5z`} />
      ) : (
        <circle cx={x.toFixed(1)} cy={y} r="3.5" />
      )}
    </g>
  );
}

/** Full steps of the clock, few enough to read. */
function ticksOf({ startSeconds: start, endSeconds: end, clock }: RunInfo): number[] {
  const step = [60, 300, 600, 1800, 3600, 7200, 21_600].find((each) => (end - start) / each <= 14) ?? 86_400;
  const ticks: number[] = [];
  const first = Math.ceil((start + clock.zeroOfDay) / step) * step - clock.zeroOfDay;
  for (let t = first; t <= end && ticks.length < 40; t += step) ticks.push(t);
  return ticks;
}
