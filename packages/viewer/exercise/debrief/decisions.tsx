/** What was decided, on the line of the errors that users had, and what each decision was worth. */
import { clockOf, type Debrief, type Decision, type DecisionVerdict, type RankedRun } from '@brownout/scenarios';
import { useRef } from 'preact/hooks';
import { useWidth } from '../use-width.ts';
import { shareOf } from '../watch/time.ts';
import type { Part } from './debrief.tsx';
import { minutesText } from './wording.ts';

interface DecisionsProps {
  readonly part: Part;
  /** The session itself: its timeline and its errors are always exact. */
  readonly own: Debrief;
}

const words: Readonly<Record<DecisionVerdict, string>> = {
  helped: 'helped',
  harmed: 'did harm',
  'no-difference': 'made no difference',
  failed: 'did not come off',
  'not-tried': '',
};

/** Symbols, so that colour is not needed. */
const symbols: Readonly<Record<DecisionVerdict, string>> = {
  helped: '▲',
  harmed: '▼',
  'no-difference': '●',
  failed: '✕',
  'not-tried': '○',
};

/** The strip and the list. */
export function Decisions({ part: { debrief, label }, own }: DecisionsProps) {
  const { decisions } = debrief;
  return (
    <section class="decisions" aria-label="Decisions">
      <h3>
        Decisions <span class="note">what leaving each out would have done, all else the same</span>{' '}
        {label !== '' && <span class="label">{label}</span>}
      </h3>
      <Strip own={own} decisions={decisions} />
      {decisions.length === 0 ? (
        <p class="note">Nobody did anything to a cluster.</p>
      ) : (
        <table class="decision-table">
          <thead>
            <tr>
              <th scope="col">time</th>
              <th scope="col">who</th>
              <th scope="col">what</th>
              <th scope="col">what it was worth</th>
            </tr>
          </thead>
          <tbody>
            {decisions.map((decision, index) => (
              <tr key={index} class={`verdict-${decision.verdict}`}>
                <td>{decision.clock}</td>
                <td>{decision.by}</td>
                <td>
                  <code>{decision.text}</code>
                </td>
                <td>
                  {symbols[decision.verdict]} {words[decision.verdict]}
                  {decision.gainMinutes !== null && decision.verdict !== 'no-difference' && (
                    <span class="note"> {worthOf(decision.gainMinutes)}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Story own={own} />
    </section>
  );
}

function worthOf(gainMinutes: number): string {
  return gainMinutes > 0 ? `saved ${minutesText(gainMinutes)}` : `cost ${minutesText(-gainMinutes)}`;
}

const height = 132;
const left = 46;
const right = 22;
const bottom = 18;

/** Errors of users over time as an area, and a mark for each decision above it. */
function Strip({ own, decisions }: { readonly own: Debrief; readonly decisions: readonly Decision[] }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const run = own.ranking.find(({ kind }) => kind === 'session');
  const { startSeconds: start, untilSeconds: end } = own;
  const x = (t: number): number => left + ((t - start) / Math.max(1, end - start)) * (width - left - right);
  const floor = height - bottom;
  const top = 22;
  const y = (share: number): number => floor - share * (floor - top);
  return (
    <div ref={place} class="decision-strip">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`User errors over time, and ${decisions.length} decisions`}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="tick" x1={left} x2={width - right} y1={y(share)} y2={y(share)} />
            <text class="lane-name" x={left - 6} y={y(share) + 4}>
              {shareOf(share)}
            </text>
          </g>
        ))}
        {run !== undefined && <path class="errors" d={areaOf(run, start, end, x, y)} />}
        {ticksOf(start, end).map((t) => (
          <text key={t} class="tick-name" x={x(t)} y={height - 4}>
            {clockOf(own.clock.zero, t).slice(0, 5)}
          </text>
        ))}
        {decisions.map(({ t, text, by, clock, verdict }, index) => (
          <g key={index} class={`decision-mark verdict-${verdict}`}>
            <title>{`${clock} ${by}: ${text} - ${words[verdict]}`}</title>
            <line x1={x(t)} x2={x(t)} y1={top - 4} y2={floor} />
            <text x={x(t)} y={top - 7}>
              {symbols[verdict]}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

function areaOf(
  { errorShare: { t, values } }: RankedRun,
  start: number,
  end: number,
  x: (t: number) => number,
  y: (share: number) => number,
): string {
  const inside = t.map((at, index) => [at, values[index] ?? 0] as const).filter(([at]) => at >= start && at <= end);
  const steps = inside.map(
    ([at, share]) => `L${x(at).toFixed(1)} ${y(share).toFixed(1)}H${x(Math.min(end, at + 60)).toFixed(1)}`,
  );
  return `M${x(start)} ${y(0)}${steps.join('')}V${y(0)}H${x(end)}Z`;
}

/** At most about ten full steps of the clock. */
function ticksOf(start: number, end: number): number[] {
  const step = [60, 300, 600, 900, 1800, 3600, 7200, 14_400].find((one) => (end - start) / one <= 10) ?? 28_800;
  const ticks: number[] = [];
  for (let t = Math.ceil(start / step) * step; t <= end; t += step) ticks.push(t);
  return ticks;
}

/** Everything that happened, with what people did and said. */
function Story({ own: { timeline, notes, clock } }: { readonly own: Debrief }) {
  return (
    <details class="story">
      <summary>everything that happened, and what people did and said ({timeline.length} entries)</summary>
      <ul class="rows">
        {timeline.map(({ clock: at, kind, text, cluster }, index) => (
          <li key={index} class={`story-${kind}`}>
            <span class="note">{at}</span> {cluster !== undefined && <strong>{cluster}</strong>} {text}
          </li>
        ))}
      </ul>
      {notes.length > 0 && (
        <>
          <h3>Notes of the facilitator</h3>
          <ul class="rows">
            {notes.map(({ t, text }, index) => (
              <li key={index}>
                <span class="note">{clockOf(clock.zero, t)}</span> {text}
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}
