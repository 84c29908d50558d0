/** The timeline as a strip: lanes of marks, published facts in a lane of their own. */
import { afterText, laneOf, timelineLanes, type RunResult } from '@brownout/scenarios';

/** One thing that happened. */
export interface MarkView {
  /** Seconds after the trigger. */
  readonly t: number;
  readonly lane: string;
  readonly clock: string;
  /** Time since the trigger, "+21 min". */
  readonly after: string;
  readonly text: string;
  readonly isPublished: boolean;
}

/** Marks in lanes, from top to bottom. */
export interface StripView {
  readonly lanes: readonly string[];
  readonly marks: readonly MarkView[];
}

/** The strip of a run; what was published of the time after its end is left out, and so are empty lanes. */
export function stripView({ timeline, horizon }: RunResult): StripView {
  const marks = timeline
    .filter(({ t }) => t >= horizon.startSeconds && t <= horizon.endSeconds)
    .map((entry) => ({
      t: entry.t,
      lane: laneOf(entry),
      clock: entry.clock,
      after: afterText(entry.t),
      text: entry.cluster === undefined ? entry.text : `${entry.cluster}: ${entry.text}`,
      isPublished: entry.published === true,
    }));
  const known = [...timelineLanes.map(([lane]) => lane), 'other'];
  return { lanes: known.filter((lane) => marks.some((mark) => mark.lane === lane)), marks };
}
