/** What people do in the branch, and what came of it: of the exact run, or of the smaller model until that is there. */
import type { LiveAction, LiveAnswer } from '@brownout/scenarios';
import { useStore, Store } from '../store.ts';
import type { RunState } from '../engine/run.ts';
import { clockOf } from '../watch/time.ts';
import { ActionForm } from './action-form.tsx';
import { actionText, type RunSpan } from './action-input.ts';
import type { BranchBook } from './branch-book.ts';
import { type Changes, withoutAction } from './changes.ts';
import type { Choices } from './what-if-tasks.ts';

interface ListProps {
  readonly book: BranchBook;
  readonly choices: Choices;
  readonly changes: Changes;
  /** Where the form begins, in seconds after the trigger. */
  readonly usualTime: number;
}

const none: Store<RunState | undefined> = new Store<RunState | undefined>(undefined);

/** The form, and below it what was added with it or came with a link. */
export function ActionList({ book, choices, changes, usualTime }: ListProps) {
  const baseline = useStore(book.baseline.state);
  const first = useStore(book.firstBranch);
  const run = useStore(book.exact);
  const exact = useStore<RunState | undefined>(run?.state ?? none);
  const { info } = baseline;
  if (info === undefined) return <p class="note">reading the document ...</p>;
  const { startSeconds, endSeconds, clock } = info;
  const span: RunSpan = { startSeconds, endSeconds, zeroOfDay: clock.zeroOfDay };
  const answers = exact?.answers ?? first.answer?.answers;
  const isOfSmaller = exact?.answers === undefined && first.answer !== undefined && first.answer.factor > 1;
  return (
    <>
      <p class="note">
        {book.baseline.request.crew === 'none' ? 'Nobody else works.' : 'The operators of the document work as well.'}{' '}
        What goes through an API takes its turn there, and may not get through.
      </p>
      <ActionForm
        choices={choices}
        changes={changes}
        change={(next, atOnce) => book.change(next, atOnce)}
        span={span}
        usualTime={Math.min(endSeconds, Math.max(startSeconds, usualTime))}
      />
      <ul class="action-list" aria-label="What is done">
        {changes.actions.map((action) => (
          <li key={action.id} class="place chosen">
            <span>
              {actionText(action, span.zeroOfDay, choices.actions)}
              <Outcome action={action} answers={answers} isOfSmaller={isOfSmaller} zeroOfDay={span.zeroOfDay} />
            </span>
            <button
              type="button"
              aria-label={`remove ${actionText(action, span.zeroOfDay, choices.actions)}`}
              onClick={() => book.change(withoutAction(changes, action.id))}
            >
              remove
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface OutcomeProps {
  readonly action: LiveAction;
  readonly answers: readonly LiveAnswer[] | undefined;
  readonly isOfSmaller: boolean;
  readonly zeroOfDay: number;
}

function Outcome({ action: { id, input }, answers, isOfSmaller, zeroOfDay }: OutcomeProps) {
  if (answers === undefined || input.kind === 'note' || input.kind === 'fault') return null;
  const answer = answers.find((one) => one.id === id);
  const what =
    answer === undefined
      ? 'has not come back by the end'
      : answer.ok
        ? `done at ${clockOf(answer.endedAt, zeroOfDay)}`
        : `failed at ${clockOf(answer.endedAt, zeroOfDay)}${answer.error === undefined ? '' : `: ${answer.error}`}`;
  return (
    <>
      <br />
      <span class={answer?.ok === true ? 'note' : 'failed'} data-outcome={answer?.ok === true ? 'done' : 'failed'}>
        {what}
        {isOfSmaller ? ', in the smaller model' : ''}
      </span>
    </>
  );
}
