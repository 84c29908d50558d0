/** A branch beside its baseline: what can be changed, what the better answer there is says, and how far the other is. */
import { branchDifference, type RunResult } from '@brownout/scenarios';
import { useMemo } from 'preact/hooks';
import { clockText } from '../../page/time.ts';
import type { RunState } from '../engine/run.ts';
import type { Exercise } from '../exercise-context.ts';
import { Store, useStore } from '../store.ts';
import { AnswerHead } from './answer-head.tsx';
import type { BranchBook } from './branch-book.ts';
import { answerUntil } from './answer-until.ts';
import { isUnchanged } from './changes.ts';
import type { Opened } from './opened.ts';
import { OutcomeTable } from './outcome-table.tsx';
import { OverlayChart } from './overlay-chart.tsx';
import { overlays } from './overlay.ts';
import { Sharing } from './sharing.tsx';
import { SidePanel } from './side-panel.tsx';
import type { FirstAnswer } from './what-if-tasks.ts';

interface BranchProps {
  readonly book: BranchBook;
  readonly opened: Opened;
  readonly exercise: Exercise;
  readonly isDark: boolean;
}

const unknown: Store<RunState | undefined> = new Store<RunState | undefined>(undefined);

/** Panel, head, table and curves. */
export function BranchView({ book, opened, exercise, isDark }: BranchProps) {
  const changes = useStore(book.changes);
  const baseline = useStore(book.baseline.state);
  const firstBaseline = useStore(book.firstBaseline);
  const firstBranch = useStore(book.firstBranch);
  const run = useStore(book.exact);
  const exact = useStore<RunState | undefined>(run?.state ?? unknown);
  const isQuiet = isUnchanged(changes);
  const first = useMemo(
    () => firstPair(firstBaseline.answer, firstBranch.answer),
    [firstBaseline.answer, firstBranch.answer],
  );
  const pair = pairOf(isQuiet, baseline, exact, first);
  const difference = useMemo(
    () => (pair.baseline === undefined ? undefined : branchDifference(pair.baseline, pair.branch ?? pair.baseline)),
    [pair.baseline, pair.branch],
  );
  const zeroOfDay = baseline.info?.clock.zeroOfDay ?? 0;
  return (
    <>
      <SidePanel book={book} />
      <div class="answer">
        <AnswerHead
          changes={changes}
          first={isQuiet ? firstBaseline : firstBranch}
          exact={exact}
          baseline={baseline}
          isExact={pair.isExact && !isQuiet}
          difference={pair.branch === undefined ? undefined : difference}
          zeroOfDay={zeroOfDay}
        />
        <Sharing book={book} run={run} exact={exact} opened={opened} exercise={exercise} />
        {pair.baseline === undefined || difference === undefined ? (
          <p class="placeholder">
            {baseline.problems.join('\n') || 'asking the smaller model about the day as it was ...'}
          </p>
        ) : (
          <Pictures pair={pair} difference={difference} baseline={baseline} isDark={isDark} />
        )}
      </div>
    </>
  );
}

interface Pair {
  readonly baseline: RunResult | undefined;
  readonly branch: RunResult | undefined;
  /** Where both end that early, in seconds after the trigger: an answer is on its way. */
  readonly until?: number;
  readonly isExact: boolean;
}

/** Both exact, or both from the smaller model: never one of each. */
function pairOf(isQuiet: boolean, baseline: RunState, exact: RunState | undefined, first: FirstPair): Pair {
  const whole = baseline.status === 'done' ? baseline.result : undefined;
  if (isQuiet) {
    if (whole !== undefined) return { baseline: whole, branch: undefined, isExact: true };
    return { ...first, branch: undefined, isExact: false };
  }
  const branch = exact?.status === 'done' ? exact.result : undefined;
  if (whole !== undefined && branch !== undefined) return { baseline: whole, branch, isExact: true };
  if (first.baseline === undefined) return { baseline: whole, branch: undefined, isExact: false };
  return { ...first, isExact: false };
}

type FirstPair = Omit<Pair, 'isExact'>;

/** Both up to the same time, where one of the answers is on its way. */
function firstPair(baseline: FirstAnswer | undefined, branch: FirstAnswer | undefined): FirstPair {
  const late = [baseline, branch].find((answer) => answer?.isWhole === false);
  if (baseline === undefined || late === undefined) return { baseline: baseline?.result, branch: branch?.result };
  const until = late.result.horizon.endSeconds;
  if (branch === undefined) return { baseline: baseline.result, branch: undefined, until };
  const cut = answerUntil(baseline, until);
  if (cut === undefined) return { baseline: baseline.result, branch: undefined };
  return { baseline: cut, branch: branch.result, until };
}

interface PicturesProps {
  readonly pair: Pair;
  readonly difference: ReturnType<typeof branchDifference>;
  readonly baseline: RunState;
  readonly isDark: boolean;
}

function Pictures({ pair, difference, baseline, isDark }: PicturesProps) {
  const { info } = baseline;
  const views = useMemo(
    () => (pair.baseline === undefined ? [] : overlays(pair.baseline, pair.branch, info?.clusters ?? [])),
    [pair.baseline, pair.branch, info],
  );
  const zeroOfDay = info?.clock.zeroOfDay ?? 0;
  const isReduced = pair.baseline?.warnings.some((one) => one.startsWith('a smaller model')) ?? false;
  const until = pair.until === undefined ? undefined : clockText(pair.until + zeroOfDay);
  const caption = `${pair.isExact ? 'exact' : 'from the smaller model'}: baseline${pair.branch === undefined ? '' : ' and branch'}`;
  return (
    <div class={pair.isExact ? 'pictures' : 'pictures of-first'}>
      <OutcomeTable
        difference={difference}
        zeroOfDay={zeroOfDay}
        hasBranch={pair.branch !== undefined}
        caption={caption}
        until={until}
        isOfSmaller={!pair.isExact && isReduced}
      />
      <div class="overlays">
        {views.map(({ id, title, note, lines }, index) => (
          <OverlayChart
            key={id}
            id={id}
            title={title}
            note={note}
            t={pair.baseline?.series.t ?? []}
            zeroOfDay={zeroOfDay}
            lines={lines}
            isFirst={!pair.isExact}
            isDark={isDark}
            height={index === 0 ? 190 : 128}
          />
        ))}
      </div>
    </div>
  );
}
