/** The timeline strip: phases on top, then a lane for each kind of thing that happened, on the time axis of the charts. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReportView } from '../src/view/report-view.ts';
import type { MarkView } from '../src/view/strip-view.ts';
import { margin } from './time-chart.tsx';
import { clockText } from './time.ts';
import type { Watch } from './watch.ts';

const laneHeight = 17;
const phaseHeight = 22;
const axisHeight = 18;

interface StripProps {
  readonly view: ReportView;
  readonly watch: Watch;
}

/** The strip; a click moves the cursor, every mark tells what it is. */
export function Strip({ view, watch }: StripProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const resized = new ResizeObserver(() => setWidth(host.clientWidth));
    resized.observe(host);
    return () => resized.disconnect();
  }, []);
  const { stretch, cursor } = watch;
  const inner = Math.max(100, width - margin.left - margin.right);
  const x = (t: number): number => margin.left + ((t - stretch.start) / (stretch.end - stretch.start)) * inner;
  const isVisible = (t: number): boolean => t >= stretch.start && t <= stretch.end;
  const { lanes, marks } = view.strip;
  const bottom = phaseHeight + lanes.length * laneHeight;
  const moveTo = (event: MouseEvent): void => {
    const box = place.current?.getBoundingClientRect();
    if (box === undefined) return;
    const share = (event.clientX - box.left - margin.left) / inner;
    if (share >= 0 && share <= 1) watch.setCursor(stretch.start + share * (stretch.end - stretch.start));
  };
  return (
    <div class="strip" ref={place}>
      <svg
        width={width}
        height={bottom + axisHeight}
        role="img"
        aria-label={`Timeline with ${marks.length} marks in ${lanes.length} lanes; the same as a table below`}
        onPointerMove={(event) => event.pointerType === 'mouse' && moveTo(event)}
        onClick={moveTo}
      >
        <Phases view={view} watch={watch} x={x} />
        {lanes.map((lane, index) => (
          <g key={lane} transform={`translate(0 ${phaseHeight + index * laneHeight})`}>
            <line class="lane" x1={margin.left} x2={margin.left + inner} y1={laneHeight / 2} y2={laneHeight / 2} />
            <text class="lane-name" x={margin.left - 8} y={laneHeight / 2 + 4}>
              {lane}
            </text>
            {marks
              .filter((mark) => mark.lane === lane && isVisible(mark.t))
              .map((mark, number) => (
                <Mark key={number} mark={mark} x={x(mark.t)} />
              ))}
          </g>
        ))}
        {hoursOf(view, stretch).map((t) => (
          <g key={t} transform={`translate(${x(t).toFixed(1)} 0)`}>
            <line class="tick" y1={phaseHeight} y2={bottom + 3} />
            <text class="tick-name" y={bottom + 14}>
              {clockText(t + view.clock.zeroOfDay)}
            </text>
          </g>
        ))}
        {isVisible(0) && <line class="trigger" x1={x(0)} x2={x(0)} y1={phaseHeight} y2={bottom} />}
        {isVisible(cursor) && <line class="cursor" x1={x(cursor)} x2={x(cursor)} y1={0} y2={bottom} />}
      </svg>
    </div>
  );
}

function Phases({ view, watch, x }: StripProps & { readonly x: (t: number) => number }) {
  const { stretch } = watch;
  return (
    <g>
      {view.phases
        .filter(({ start, end }) => end > stretch.start && start < stretch.end)
        .map(({ id, title, start, end }) => {
          const [from, to] = [x(Math.max(start, stretch.start)), x(Math.min(end, stretch.end))];
          const fits = to - from > title.length * 6.2 + 8;
          return (
            <g key={id} class={`phase phase-${id}`}>
              <title>{title}</title>
              <rect x={from} y={2} width={Math.max(0, to - from)} height={phaseHeight - 6} />
              {fits && (
                <text x={from + 5} y={14}>
                  {title}
                </text>
              )}
            </g>
          );
        })}
    </g>
  );
}

/** Published facts are diamonds, what was simulated circles: colour says nothing that shape does not. */
function Mark({ mark, x }: { readonly mark: MarkView; readonly x: number }) {
  const y = laneHeight / 2;
  const label = `${mark.clock} (${mark.after}) ${mark.isPublished ? 'published: ' : ''}${mark.text}`;
  return (
    <g class={mark.isPublished ? 'mark published' : `mark ${mark.lane.replace(' ', '-')}`}>
      <title>{label}</title>
      {mark.isPublished ? (
        <path d={`M${x.toFixed(1)} ${y - 6}l6 6l-6 6l-6 -6z`} />
      ) : (
        <circle cx={x.toFixed(1)} cy={y} r="4.5" />
      )}
    </g>
  );
}

/** Full steps of the clock, few enough to read. */
function hoursOf({ clock }: ReportView, { start, end }: Watch['stretch']): number[] {
  const step = [300, 600, 1800, 3600, 7200, 21_600].find((each) => (end - start) / each <= 14) ?? 86_400;
  const ticks: number[] = [];
  const first = Math.ceil((start + clock.zeroOfDay) / step) * step - clock.zeroOfDay;
  for (let t = first; t <= end && ticks.length < 40; t += step) ticks.push(t);
  return ticks;
}
