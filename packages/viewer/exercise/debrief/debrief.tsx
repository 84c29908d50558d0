/** The screen "Debrief": how a session went, decision by decision, and what else could have been done. */
import type { Debrief as Found } from '@brownout/scenarios';
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { Alternatives } from './alternatives.tsx';
import type { Stage } from './conduct.ts';
import { debriefOf, type DebriefBook, type DebriefState } from './debrief-book.ts';
import { Decisions } from './decisions.tsx';
import { Postmortem } from './postmortem.tsx';
import { Score } from './score.tsx';
import { SessionFiles } from './session-files.tsx';
import './debrief.css';

/** See above. */
export function Debrief({ isDark }: { readonly isDark: boolean }) {
  const book = debriefOf(useExercise());
  const state = useStore(book.state);
  const { status, share, problems, replayed } = state;
  if (replayed === undefined || state.exact === undefined) {
    return (
      <section class="debrief-none">
        <h2>Debrief</h2>
        <p class="remark">
          A session that has ended in the Drill is looked at here. One that was saved is played again, action by action,
          and comes to the same digest or says that it does not.
        </p>
        <SessionFiles book={book} />
        {status === 'reading' && <p role="status">playing the session again ... {Math.floor(share * 100)} %</p>}
        {problems.length > 0 && (
          <p class="problem" role="alert">
            {problems.join('\n')}
          </p>
        )}
      </section>
    );
  }
  return <Shown book={book} state={state} exact={state.exact} isDark={isDark} />;
}

interface ShownProps {
  readonly book: DebriefBook;
  readonly state: DebriefState;
  readonly exact: Stage;
  readonly isDark: boolean;
}

/** What is shown of a part: the exact answer where it is there, or the first one. */
export interface Part {
  readonly debrief: Found;
  /** Said beside it; '' for exact answers. */
  readonly label: string;
}

function Shown({ book, state, exact, isDark }: ShownProps) {
  const { first, replayed, problems } = state;
  const part = (needed: Stage['known']): Part =>
    first === undefined || exact.known >= needed || first.known < needed
      ? { debrief: exact.debrief, label: '' }
      : { debrief: first.debrief, label: 'first answer, smaller model' };
  const { debrief } = exact;
  return (
    <div class="debrief">
      <header class="debrief-head">
        <div>
          <h2>{debrief.title}</h2>
          <p class="note">
            {debrief.trainees.map(({ name, roles }) => `${name} (${roles.join(', ')})`).join(', ')};{' '}
            {debrief.difficulty}; seed {debrief.seed}; digest <span class="digest">{debrief.digest}</span>
          </p>
        </div>
        <SessionFiles book={book} text={replayed?.text} name={debrief.scenario} />
      </header>
      {replayed !== undefined && replayed.digest.file !== replayed.digest.here && (
        <p class="problem" role="alert">
          Not the session that was saved: its digest was {replayed.digest.file}, played again here it is{' '}
          {replayed.digest.here}
          {replayed.engine.file === replayed.engine.here
            ? `. Both are engine ${replayed.engine.here}: the file was changed, or the two programs differ all the same.`
            : ` (it was saved by engine ${replayed.engine.file}, this is ${replayed.engine.here}).`}
        </p>
      )}
      <Progress book={book} state={state} exact={exact} />
      {problems.length > 0 && (
        <p class="problem" role="alert">
          {problems.join('\n')}
        </p>
      )}
      <Score part={part(1)} />
      <Decisions part={part(2)} own={debrief} />
      <Alternatives
        part={part(3)}
        isDark={isDark}
        again={exact.isOver && exact.known === 3 ? () => void book.again() : undefined}
      />
      <Postmortem debrief={debrief} isOver={exact.isOver} />
    </div>
  );
}

function Progress({ book, state: { first, replayed }, exact }: Omit<ShownProps, 'isDark'>) {
  const isFirst = first !== undefined && !first.isOver;
  const stage = isFirst ? first : exact;
  if (stage.isOver)
    return (
      <p class="note" role="status">
        {stage.known === 3 ? `all compared: ${stage.made} runs` : `stopped after ${stage.made} runs`}
      </p>
    );
  return (
    <p class="debrief-progress">
      <progress max={Math.max(1, stage.wanted)} value={stage.made} aria-label="runs of the debrief" />{' '}
      <span role="status">
        {stage.made} of {stage.wanted} runs{isFirst ? ' of the smaller model' : ''}
      </span>{' '}
      <span class="note" title={isFirst ? replayed?.reduced?.losses.join('\n') : ''}>
        {isFirst ? replayed?.reduced?.label : stage.making}
      </span>{' '}
      <button type="button" onClick={() => book.stop()}>
        stop
      </button>
    </p>
  );
}
