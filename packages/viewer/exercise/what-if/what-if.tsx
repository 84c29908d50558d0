/** The screen "what if": something is changed, and baseline and branch stand side by side. */
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { Chooser } from '../watch/chooser.tsx';
import { bookOf } from './books.ts';
import { BranchView } from './branch-view.tsx';
import { openedOf } from './opened.ts';
import './what-if.css';

/** The screen. A run that is chosen here is the one that is watched, too. */
export function WhatIf({ isDark }: { readonly isDark: boolean }) {
  const exercise = useExercise();
  const run = useStore(exercise.run);
  const opened = useStore(openedOf(exercise));
  return (
    <div class="what-if">
      {opened.problems.length > 0 && (
        <p class="problem" role="alert" data-refused>
          {opened.problems.join('\n')}
        </p>
      )}
      {opened.isReading ? (
        <p class="placeholder">reading the run that was shared ...</p>
      ) : run === undefined ? (
        <Chooser onStart={() => undefined} />
      ) : (
        <BranchView book={bookOf(exercise, run, opened)} opened={opened} exercise={exercise} isDark={isDark} />
      )}
    </div>
  );
}
