/** What one looks at - a first answer or the exact one - and how far the better one is. */
import type { BranchDifference } from '@brownout/scenarios';
import type { RunState } from '../engine/run.ts';
import { clockText } from '../../page/time.ts';
import { isUnchanged, type Changes } from './changes.ts';
import type { Asked } from './branch-book.ts';
import { spanOf } from '../watch/time.ts';

interface HeadProps {
  readonly changes: Changes;
  readonly first: Asked;
  readonly exact: RunState | undefined;
  readonly baseline: RunState;
  /** Whether what is shown below is exact. */
  readonly isExact: boolean;
  readonly difference: BranchDifference | undefined;
  readonly zeroOfDay: number;
}

/** One or two lines, and a bar of progress. */
export function AnswerHead({ changes, first, exact, baseline, isExact, difference, zeroOfDay }: HeadProps) {
  const isQuiet = isUnchanged(changes);
  // It stays when the exact answer has taken the place of the first one, which may be at once.
  const waited = isQuiet ? undefined : first.waited;
  return (
    <div
      class="answer-head"
      data-waited={waited === undefined ? undefined : Math.round(waited)}
      data-answer={waited === undefined ? undefined : first.answer?.isWhole === false ? 'part' : 'whole'}
    >
      <p aria-live="polite">
        {isQuiet ? (
          <>
            <b class="badge exact">Baseline</b> Choose a mitigation, change a value, or have somebody act.
          </>
        ) : first.status === 'running' && first.answer === undefined ? (
          <>
            <b class="badge first">Asking</b> the smaller model answers in a moment ...
          </>
        ) : isExact ? (
          <>
            <b class="badge exact">Exact</b> Both runs simulated in full, under the same seed.{' '}
            {sameUntil(difference, zeroOfDay)}
          </>
        ) : first.answer === undefined ? null : (
          <>
            <b class="badge first">{first.answer.factor === 1 ? 'Exact' : 'First answer'}</b> {first.answer.label}{' '}
            {!first.answer.isWhole && (
              <b>
                Up to {clockText(first.answer.result.horizon.endSeconds + zeroOfDay)} of the day; the rest follows.{' '}
              </b>
            )}
            {waited !== undefined && <span class="note">after {(waited / 1000).toFixed(1)} s</span>}
          </>
        )}
      </p>
      {first.problems.length > 0 && (
        <p class="problem" role="alert">
          {first.problems.join('\n')}
        </p>
      )}
      {!isQuiet && !isExact && first.answer?.isWhole === true && <Progress exact={exact} baseline={baseline} />}
      {!isExact && first.answer !== undefined && first.answer.losses.length > 0 && (
        <details class="losses">
          <summary>what the smaller model cannot show</summary>
          <ul>
            {first.answer.losses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Progress({ exact, baseline }: { readonly exact: RunState | undefined; readonly baseline: RunState }) {
  if (exact?.status === 'failed') {
    return (
      <p class="problem" role="alert">
        {exact.problems.join('\n')}
      </p>
    );
  }
  // The exact difference needs both runs; the slower one is what one waits for.
  const share = Math.min(shareOf(exact), shareOf(baseline));
  const awaited = shareOf(baseline) < shareOf(exact) ? 'baseline' : 'branch';
  const { info, until } = (awaited === 'branch' ? exact : baseline) ?? {};
  const left = info === undefined || until === undefined ? '' : `, ${spanOf(info.endSeconds - until)} of the day to go`;
  return (
    <p class="exact-progress">
      <progress max={1} value={share} aria-label="progress of the exact runs" />{' '}
      <span class="note">
        the exact answer is on its way: {Math.floor(share * 100)} % of the {awaited}
        {left}
      </span>
    </p>
  );
}

function shareOf(state: RunState | undefined): number {
  if (state?.info === undefined) return 0;
  if (state.status === 'done') return 1;
  const { startSeconds, endSeconds } = state.info;
  return Math.max(0, Math.min(1, (state.until - startSeconds) / (endSeconds - startSeconds)));
}

function sameUntil(difference: BranchDifference | undefined, zeroOfDay: number): string {
  if (difference === undefined) return '';
  if (difference.differsFrom === null) return 'They are the same run in every window.';
  return `They are the same run until ${clockText(difference.differsFrom + zeroOfDay)}.`;
}
