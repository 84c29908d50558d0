/** The bar that stays in sight: what time the cursor stands at, what happened then, and the controls of time and look. */
import type { StoryLine } from '@brownout/scenarios';
import type { ReportView } from '../src/view/report-view.ts';
import { LookButton } from './look-button.tsx';
import type { Theme } from './look.ts';
import { afterText, clockText, windowAt } from './time.ts';
import type { Watch } from './watch.ts';

interface CursorBarProps {
  readonly view: ReportView;
  readonly watch: Watch;
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
}

/** The bar; the slider is the time cursor for the keyboard. */
export function CursorBar({ view, watch, theme, setTheme }: CursorBarProps) {
  const { cursor } = watch;
  const index = windowAt(view, cursor);
  const phase = view.phases.find(({ start, end }) => cursor >= start && cursor < end) ?? view.phases.at(-1);
  const time = `${clockText(cursor + view.clock.zeroOfDay)} ${view.clock.zone}`;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === '+' || event.key === '=') watch.zoomBy(0.5);
    else if (event.key === '-') watch.zoomBy(2);
    else if (event.key === '0') watch.showAll();
    else return;
    event.preventDefault();
  };
  return (
    <div class="bar">
      <p class="now" aria-live="off">
        <strong class="time">{time}</strong> <span class="after">{afterText(cursor)}</span>{' '}
        <span class={`phase-name phase-${phase?.id ?? 'before'}`}>{phase?.title}</span>
        <span class="happened">{happenedText(view, cursor)}</span>
      </p>
      <div class="controls">
        <input
          type="range"
          aria-label="time cursor"
          aria-valuetext={`${time}, ${afterText(cursor)}`}
          title="Arrow keys move the cursor; + and - zoom, 0 shows everything"
          min={0}
          max={view.t.length - 1}
          value={index}
          onInput={(event) => watch.setCursor(view.t[Number(event.currentTarget.value)] ?? 0)}
          onKeyDown={onKey}
        />
        <button type="button" onClick={() => watch.zoomBy(0.5)} aria-label="zoom in">
          +
        </button>
        <button type="button" onClick={() => watch.zoomBy(2)} aria-label="zoom out" disabled={!watch.isZoomed}>
          −
        </button>
        <button type="button" onClick={() => watch.showAll()} disabled={!watch.isZoomed}>
          whole run
        </button>
        <LookButton theme={theme} setTheme={setTheme} />
      </div>
    </div>
  );
}

/** What happened in the window of the cursor, or what was the last thing before it. */
function happenedText(view: ReportView, cursor: number): string {
  const { story } = view.content;
  const now = story.filter(({ t }) => t >= cursor && t < cursor + view.windowSeconds);
  const tell = (line: StoryLine): string => `${line.isPublished ? '» published: ' : ''}${line.text}`;
  if (now.length > 0) return now.map(tell).join(' · ');
  const before = story.filter(({ t }) => t < cursor).at(-1);
  return before === undefined ? '' : `last: ${before.clock} ${tell(before)}`;
}
