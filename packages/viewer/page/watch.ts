/** What the reader looks at: the time cursor, the visible stretch of time, and the lines that are on. One for all charts. */
import { useMemo, useState } from 'preact/hooks';
import type { ReportView } from '../src/view/report-view.ts';
import { windowAt } from './time.ts';

/** A stretch of time, in seconds after the trigger. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The state that strip, charts and cursor share. */
export interface Watch {
  /** Seconds after the trigger. */
  readonly cursor: number;
  readonly stretch: Stretch;
  readonly isZoomed: boolean;
  /** Names of clusters and products that are off. */
  readonly off: ReadonlySet<string>;
  readonly showsBaseline: boolean;
  setCursor(seconds: number): void;
  zoomTo(stretch: Stretch): void;
  /** Below 1 closer, above 1 further away, around the cursor. */
  zoomBy(factor: number): void;
  showAll(): void;
  toggle(name: string): void;
  /** Only this line, or all again when it was the only one. */
  only(name: string, names: readonly string[]): void;
  toggleBaseline(): void;
}

/** Never closer than this many windows. */
const fewestWindows = 5;

/** The state, beginning with everything visible and the cursor where users feel most. */
export function useWatch(view: ReportView): Watch {
  const whole: Stretch = useMemo(
    () => ({ start: view.horizon.startSeconds, end: view.horizon.endSeconds }),
    [view.horizon],
  );
  const [cursor, setCursor] = useState(() => firstLook(view));
  const [stretch, setStretch] = useState(whole);
  const [off, setOff] = useState<ReadonlySet<string>>(new Set());
  const [showsBaseline, setBaseline] = useState(true);
  const zoomTo = ({ start, end }: Stretch): void => {
    const least = fewestWindows * view.windowSeconds;
    const middle = (start + end) / 2;
    const half = Math.max(end - start, least) / 2;
    setStretch({ start: Math.max(whole.start, middle - half), end: Math.min(whole.end, middle + half) });
  };
  return {
    cursor,
    stretch,
    isZoomed: stretch.start > whole.start || stretch.end < whole.end,
    off,
    showsBaseline,
    setCursor: (seconds) => setCursor(view.t[windowAt(view, seconds)] ?? 0),
    zoomTo,
    zoomBy: (factor) => {
      const inside = cursor >= stretch.start && cursor <= stretch.end;
      const centre = inside ? cursor : (stretch.start + stretch.end) / 2;
      zoomTo({ start: centre - (centre - stretch.start) * factor, end: centre + (stretch.end - centre) * factor });
    },
    showAll: () => setStretch(whole),
    toggle: (name) => {
      const next = new Set(off);
      if (!next.delete(name)) next.add(name);
      setOff(next);
    },
    only: (name, names) => {
      const others = names.filter((each) => each !== name);
      const isOnly = !off.has(name) && others.every((each) => off.has(each));
      const next = new Set([...off].filter((each) => !names.includes(each)));
      if (!isOnly) for (const each of others) next.add(each);
      setOff(next);
    },
    toggleBaseline: () => setBaseline(!showsBaseline),
  };
}

/** The first user error where there is one, else the trigger. */
function firstLook(view: ReportView): number {
  const outage = view.phases.find(({ id }) => id === 'outage');
  return view.t[windowAt(view, outage?.start ?? 0)] ?? 0;
}
