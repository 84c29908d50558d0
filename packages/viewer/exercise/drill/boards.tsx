/** Dashboards: what monitoring saw. The colour of a line is its cluster, in all panels. */
import type { BoardView, Briefing, PanelView } from '@brownout/scenarios';
import { useState } from 'preact/hooks';
import { lineColour } from '../../page/look.ts';
import { PanelChart } from './panel-chart.tsx';
import { Tabs } from './tabs.tsx';
import { minuteOf } from './wording.ts';

interface BoardsProps {
  readonly boards: readonly BoardView[];
  readonly clusters: Briefing['clusters'];
  readonly zero: number;
  readonly now: number;
  readonly isDark: boolean;
}

/** One board at a time. */
export function Boards({ boards, clusters, zero, now, isDark }: BoardsProps) {
  const [chosen, choose] = useState('');
  const board = boards.find(({ id }) => id === chosen) ?? boards[0];
  if (board === undefined) {
    return (
      <section class="boards" aria-label="Dashboards">
        <p class="placeholder">You have no dashboards: ask those who have.</p>
      </section>
    );
  }
  return (
    <section class="boards" aria-label="Dashboards">
      <Tabs label="Dashboards" entries={boards} shown={board.id} show={choose}>
        <ul class="cluster-legend">
          {clusters.map(({ id }, index) => (
            <li key={id}>
              <svg width="14" height="8" aria-hidden="true">
                <line x1="0" x2="14" y1="4" y2="4" stroke={lineColour(index, isDark)} stroke-width="3" />
              </svg>{' '}
              {id}
            </li>
          ))}
          <li>
            <span class="no-data-key" /> no data
          </li>
        </ul>
        <div class="panels">
          {board.panels.map((panel) => (
            <Panel
              key={`${board.id} ${panel.metric} ${panel.product ?? ''}`}
              panel={panel}
              zero={zero}
              now={now}
              isDark={isDark}
            />
          ))}
        </div>
      </Tabs>
    </section>
  );
}

interface PanelProps {
  readonly panel: PanelView;
  readonly zero: number;
  readonly now: number;
  readonly isDark: boolean;
}

function Panel({ panel, zero, now, isDark }: PanelProps) {
  const { title, meaning, lines } = panel;
  const all = lines.map((line) => `${line.cluster}: ${line.last}${silence(line, zero)}`);
  return (
    <section
      class="chart"
      data-metric={panel.metric}
      aria-label={`${title}. ${all.join('; ')}`}
      title={`${meaning}\n${all.join('\n')}`}
    >
      <h3>
        {title} <PanelNote lines={lines} zero={zero} isDark={isDark} />
      </h3>
      <PanelChart panel={panel} zero={zero} now={now} isDark={isDark} />
    </section>
  );
}

/** The highest line now, and how many say nothing. */
function PanelNote({ lines, zero, isDark }: Pick<PanelView, 'lines'> & Pick<PanelProps, 'zero' | 'isDark'>) {
  const last = lines.map(({ values }) => values.at(-1) ?? null);
  const dark = last.filter((value) => value === null).length;
  if (dark === lines.length) {
    const seen = lines.reduce<number | null>(
      (latest, line) => (line.lastSeen === null ? latest : Math.max(latest ?? line.lastSeen, line.lastSeen)),
      null,
    );
    return <b class="dark">no data{seen === null ? '' : ` since ${minuteOf(seen, zero)}`}</b>;
  }
  const highest = last.reduce<number>(
    (best, value, index) => ((value ?? -Infinity) > (last[best] ?? -Infinity) ? index : best),
    0,
  );
  return (
    <span class="note">
      <span style={{ color: lineColour(highest, isDark) }}>■</span> {lines[highest]?.cluster}{' '}
      <b>{lines[highest]?.last}</b>
      {dark > 0 && <b class="dark"> · {dark} no data</b>}
    </span>
  );
}

function silence({ values, lastSeen }: PanelView['lines'][number], zero: number): string {
  return values.at(-1) === null && lastSeen !== null ? ` since ${minuteOf(lastSeen, zero)}` : '';
}
