/** The screen "what if": something is changed, and baseline and branch stand side by side. */
import { branchDifference, sharedRunDifference, type RunResult, type SharedRun } from '@brownout/scenarios';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Run, RunState } from '../engine/run.ts';
import { type Exercise, useExercise } from '../exercise-context.ts';
import { Store, useStore } from '../store.ts';
import { Chooser } from '../watch/chooser.tsx';
import { AnswerHead } from './answer-head.tsx';
import { BranchBook } from './branch-book.ts';
import { branchRequest, changesOf, isUnchanged, noChanges } from './changes.ts';
import { MitigationList } from './mitigation-list.tsx';
import { OutcomeTable } from './outcome-table.tsx';
import { OverlayChart } from './overlay-chart.tsx';
import { overlays } from './overlay.ts';
import { ParameterList } from './parameter-list.tsx';
import { ShareBar } from './share-bar.tsx';
import { openShared, type Opened, openedOf } from './opened.ts';
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
        <Branch book={bookOf(exercise, run, opened)} opened={opened} exercise={exercise} isDark={isDark} />
      )}
    </div>
  );
}

const books = new WeakMap<Run, BranchBook>();

/** The book of a run: kept while the reader looks at other screens. A branch that is watched goes on in the book it came from. */
function bookOf({ engine, answers }: Exercise, run: Run, { shared, baseline }: Opened): BranchBook {
  let book = books.get(run);
  if (book === undefined) {
    book = new BranchBook(engine, answers, run);
    books.set(run, book);
    if (shared !== undefined && baseline === run) book.change(changesOf(shared));
  }
  return book;
}

interface BranchProps {
  readonly book: BranchBook;
  readonly opened: Opened;
  readonly exercise: Exercise;
  readonly isDark: boolean;
}

const unknown: Store<RunState | undefined> = new Store<RunState | undefined>(undefined);

function Branch({ book, opened, exercise, isDark }: BranchProps) {
  const changes = useStore(book.changes);
  const baseline = useStore(book.baseline.state);
  const firstBaseline = useStore(book.firstBaseline);
  const firstBranch = useStore(book.firstBranch);
  const run = useStore(book.exact);
  const exact = useStore<RunState | undefined>(run?.state ?? unknown);
  const isQuiet = isUnchanged(changes);
  const pair = pairOf(isQuiet, baseline, exact, firstBaseline.answer?.result, firstBranch.answer?.result);
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
  readonly isExact: boolean;
}

/** Both exact, or both from the smaller model: never one of each. */
function pairOf(
  isQuiet: boolean,
  baseline: RunState,
  exact: RunState | undefined,
  firstBaseline: RunResult | undefined,
  firstBranch: RunResult | undefined,
): Pair {
  const whole = baseline.status === 'done' ? baseline.result : undefined;
  if (isQuiet) return { baseline: whole ?? firstBaseline, branch: undefined, isExact: whole !== undefined };
  const branch = exact?.status === 'done' ? exact.result : undefined;
  if (whole !== undefined && branch !== undefined) return { baseline: whole, branch, isExact: true };
  return { baseline: firstBaseline ?? whole, branch: firstBaseline && firstBranch, isExact: false };
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
  const caption = `${pair.isExact ? 'exact' : 'from the smaller model'}: baseline${pair.branch === undefined ? '' : ' and branch'}`;
  return (
    <div class={pair.isExact ? 'pictures' : 'pictures of-first'}>
      <OutcomeTable
        difference={difference}
        zeroOfDay={zeroOfDay}
        hasBranch={pair.branch !== undefined}
        caption={caption}
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

interface SharingProps {
  readonly book: BranchBook;
  readonly run: Run | undefined;
  readonly exact: RunState | undefined;
  readonly opened: Opened;
  readonly exercise: Exercise;
}

function Sharing({ book, run, exact, opened, exercise }: SharingProps) {
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
              books.set(run, book);
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

function SidePanel({ book }: { readonly book: BranchBook }) {
  const choices = useStore(book.choices);
  const changes = useStore(book.changes);
  const [tab, setTab] = useState<'mitigations' | 'parameters'>('mitigations');
  const [filter, setFilter] = useState('');
  useEffect(() => setFilter(''), [tab]);
  const count = changes.mitigations.size + changes.assignments.size;
  return (
    <aside class="side" aria-label="What to change">
      <div class="side-head">
        <button type="button" aria-pressed={tab === 'mitigations'} onClick={() => setTab('mitigations')}>
          Mitigations
        </button>
        <button type="button" aria-pressed={tab === 'parameters'} onClick={() => setTab('parameters')}>
          Parameters
        </button>
        <button type="button" class="push" disabled={count === 0} onClick={() => book.change(noChanges)}>
          undo all{count > 0 ? ` (${count})` : ''}
        </button>
        <input
          type="text"
          aria-label="find"
          placeholder={tab === 'mitigations' ? 'find a mitigation' : 'find a value'}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      <div class="side-body">
        {choices === undefined ? (
          <p class="note">reading the document ...</p>
        ) : tab === 'mitigations' ? (
          <MitigationList
            choices={choices}
            changes={changes}
            filter={filter}
            change={(next, atOnce) => book.change(next, atOnce)}
          />
        ) : (
          <ParameterList
            choices={choices}
            changes={changes}
            filter={filter}
            change={(next, atOnce) => book.change(next, atOnce)}
          />
        )}
      </div>
    </aside>
  );
}
