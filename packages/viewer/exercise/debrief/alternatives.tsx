/** What else could have been done: the same day again, with other actions, best first. */
import { clockOf, seedSpreadText, type RankedRun } from '@brownout/scenarios';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { lineColour } from '../../page/look.ts';
import { clockLabels, plotStyle, putPlot, steppedLine } from '../../page/plot.ts';
import { secondsOfDay } from '../../page/time.ts';
import { shareOf, spanOf } from '../watch/time.ts';
import type { Part } from './debrief.tsx';
import { otherSeeds } from './conduct.ts';
import { minutesText } from './wording.ts';

interface AlternativesProps {
  readonly part: Part;
  readonly isDark: boolean;
  /** Runs the ranking again under other seeds; undefined while that cannot be asked for. */
  readonly again: (() => void) | undefined;
}

/** The table; the row that is chosen is drawn beside the session. */
export function Alternatives({ part: { debrief, label }, isDark, again }: AlternativesProps) {
  const { ranking } = debrief;
  const isAgain = ranking.some((run) => run.again !== null);
  const [chosen, choose] = useState('');
  const session = ranking.find(({ kind }) => kind === 'session');
  const other = ranking.find(({ key }) => key === chosen) ?? ranking.find(({ kind }) => kind !== 'session');
  return (
    <section class="alternatives" aria-label="What else could have been done">
      <h3>
        What else could have been done <span class="note">the same day run again; best first</span>{' '}
        {label !== '' && <span class="label">{label}</span>}
        {again !== undefined && !isAgain && (
          <button
            type="button"
            title="everybody does the same at the same times, on days with another luck: how often was it better?"
            onClick={again}
          >
            again under {otherSeeds} other seeds
          </button>
        )}
      </h3>
      <div class="alternatives-columns">
        <table class="ranking">
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">lost</th>
              <th scope="col">against you</th>
              {isAgain && <th scope="col">than you, under other seeds</th>}
              <th scope="col">outage</th>
              <th scope="col">recovered</th>
            </tr>
          </thead>
          <tbody>
            {ranking.map((run) => (
              <tr key={run.key} class={`ranked-${run.kind}`} aria-current={run.key === other?.key}>
                <th scope="row">
                  {run.kind === 'session' ? (
                    <b>{run.text}</b>
                  ) : (
                    <button type="button" aria-pressed={run.key === other?.key} onClick={() => choose(run.key)}>
                      {run.text}
                    </button>
                  )}
                </th>
                <td>{Number(run.lostMinutes.toPrecision(3))} min</td>
                <td>{run.kind === 'session' ? '' : differenceText(run)}</td>
                {isAgain && <td title={spreadTitle(run)}>{run.again === null ? '' : seedSpreadText(run.again)}</td>}
                <td>{run.outageSeconds === null ? '-' : spanOf(run.outageSeconds)}</td>
                <td>
                  {run.lastClusterRecovered === null
                    ? '-'
                    : clockOf(debrief.clock.zero, run.lastClusterRecovered).slice(0, 5)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {session !== undefined && (
          <Compared
            session={session}
            other={other}
            zero={debrief.clock.zero}
            from={debrief.startSeconds}
            isDark={isDark}
          />
        )}
      </div>
    </section>
  );
}

/** Between which minutes the comparison lay. */
function spreadTitle({ again }: RankedRun): string {
  if (again === null) return '';
  return `${again.leastMinutes.toFixed(1)} to ${again.mostMinutes.toFixed(1)} min against you`;
}

function differenceText({ differenceMinutes }: RankedRun): string {
  if (Math.abs(differenceMinutes) < 0.05) return 'the same';
  return differenceMinutes < 0
    ? `▲ ${minutesText(-differenceMinutes)} less`
    : `▼ ${minutesText(differenceMinutes)} more`;
}

const height = 190;

interface ComparedProps {
  readonly session: RankedRun;
  readonly other: RankedRun | undefined;
  readonly zero: string;
  readonly from: number;
  readonly isDark: boolean;
}

/** User errors of the session and of the run that is chosen. */
function Compared({ session, other, zero, from, isDark }: ComparedProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    return putPlot(host, (width) => optionsOf(isDark, width), dataOf(session, other, zero, from)).remove;
  }, [session, other, zero, from, isDark]);
  return (
    <section class="chart" aria-label="user requests that fail">
      <h3>
        User requests that fail{' '}
        <span class="note">
          <span style={{ color: lineColour(1, isDark) }}>■</span> you
          {other !== undefined && (
            <>
              {' '}
              <span style={{ color: lineColour(0, isDark) }}>╌</span> {other.text}
            </>
          )}
        </span>
      </h3>
      <div ref={place} style={{ height: `${height}px` }} />
    </section>
  );
}

function dataOf(session: RankedRun, other: RankedRun | undefined, zero: string, from: number): uPlot.AlignedData {
  const first = Math.max(
    0,
    session.errorShare.t.findIndex((t) => t >= from - 60),
  );
  const t = session.errorShare.t.slice(first);
  const theirs = t.map((_, index) => other?.errorShare.values[index + first] ?? null);
  const zeroOfDay = secondsOfDay(clockOf(zero, 0));
  return [t.map((at) => at + zeroOfDay), session.errorShare.values.slice(first), theirs];
}

function optionsOf(isDark: boolean, width: number): uPlot.Options {
  const { axis } = plotStyle(11);
  const stepped = steppedLine();
  return {
    width,
    height,
    padding: [6, 22, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: [0, 1] } },
    axes: [
      {
        ...axis,
        size: 20,
        gap: 3,
        space: 60,
        incrs: [60, 300, 600, 900, 1800, 3600, 7200, 14_400],
        values: clockLabels,
      },
      { ...axis, size: 46, gap: 4, space: 34, values: (_plot, splits) => splits.map((split) => shareOf(split)) },
    ],
    series: [
      {},
      {
        stroke: lineColour(1, isDark),
        width: 2,
        fill: `${lineColour(1, isDark)}22`,
        ...stepped,
      },
      { stroke: lineColour(0, isDark), width: 2, dash: [5, 3], ...stepped },
    ],
  };
}
