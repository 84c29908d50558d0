/** The branch on its way out - link, file, picture - and whether one that came in is the run that was sent. */
import { sharedRunDifference, type SharedRun } from '@brownout/scenarios';
import type { Run, RunState } from '../engine/run.ts';
import type { Exercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { keepBook } from './books.ts';
import type { BranchBook } from './branch-book.ts';
import { branchRequest, changesOf, isUnchanged } from './changes.ts';
import { openShared, type Opened } from './opened.ts';
import { ShareBar } from './share-bar.tsx';

interface SharingProps {
  readonly book: BranchBook;
  readonly run: Run | undefined;
  readonly exact: RunState | undefined;
  readonly opened: Opened;
  readonly exercise: Exercise;
}

/** The row of buttons. */
export function Sharing({ book, run, exact, opened, exercise }: SharingProps) {
  const choices = useStore(book.choices);
  const changes = useStore(book.changes);
  const baseline = useStore(book.baseline.state);
  const state = isUnchanged(changes) ? baseline : exact;
  const digest = state?.status === 'done' ? state.result?.digest : undefined;
  const request = book.request;
  const shared: SharedRun | undefined =
    choices === undefined
      ? undefined
      : { ...request, engine: choices.engine, ...(digest === undefined ? {} : { digest }) };
  return (
    <>
      <div class="tools">
        <ShareBar shared={shared} open={(text) => openShared(exercise, 'file', text)} />
        {run !== undefined && (
          <button
            type="button"
            title="the exact branch in the picture, at the time that is shown there"
            onClick={() => {
              exercise.show(run);
              keepBook(run, book);
              location.hash = 'watch';
            }}
          >
            watch this branch
          </button>
        )}
      </div>
      {opened.shared !== undefined && digest !== undefined && choices !== undefined && (
        <SharedDigest shared={opened.shared} digest={digest} engine={choices.engine} request={request} />
      )}
    </>
  );
}

interface SharedDigestProps {
  readonly shared: SharedRun;
  readonly digest: string;
  readonly engine: string;
  readonly request: BranchBook['request'];
}

/** Whether the run that was opened came out as it did where it was made; nothing once something else is changed. */
function SharedDigest({ shared, digest, engine, request }: SharedDigestProps) {
  const { source, seed, crew, untilSeconds } = shared;
  const sent = branchRequest({ source, seed }, changesOf(shared));
  const isSame =
    JSON.stringify([sent.assignments, sent.mitigations, sent.actions, crew, untilSeconds, seed]) ===
    JSON.stringify([
      request.assignments,
      request.mitigations,
      request.actions,
      request.crew,
      request.untilSeconds,
      request.seed,
    ]);
  if (shared.digest === undefined || !isSame) return null;
  const problem = sharedRunDifference(shared, { engineVersion: engine, digest });
  return (
    <p class={problem === undefined ? 'shared same' : 'shared problem'} role="status" data-shared-digest>
      {problem ?? `The run that was shared, to the digest ${digest}.`}
    </p>
  );
}
