/** The controls of time: play and pause, speed, the slider over the whole run, what time it is, and how far the engine is. */
import type { RunInfo } from '../engine/protocol.ts';
import type { Run } from '../engine/run.ts';
import { useExercise } from '../exercise-context.ts';
import { speeds } from '../player.ts';
import { useSelected, useStore } from '../store.ts';
import { useFrame } from '../use-frame.ts';
import { usePlayhead } from '../use-playhead.ts';
import { alertsOf } from './read-picture.ts';
import { afterOf, clockOf, countOf } from './time.ts';

interface TransportProps {
  readonly run: Run;
  readonly info: RunInfo;
  readonly chooseAnother: () => void;
}

/** The row of controls. */
export function Transport({ run, info, chooseAnother }: TransportProps) {
  const { player } = useExercise();
  const { isPlaying, speed, isWaiting } = useStore(player.playing);
  return (
    <div class="transport">
      <button
        type="button"
        class="play"
        onClick={() => player.toggle()}
        aria-label={isPlaying ? 'pause' : 'play'}
        title={`${isPlaying ? 'pause' : 'play'} (Space)`}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          {isPlaying ? <path d="M3 2h4v12H3zM9 2h4v12H9z" /> : <path d="M3 1.5v13L14 8z" />}
        </svg>
      </button>
      <label class="speed" title="simulated seconds in a second (keys , and .)">
        <span class="hidden">speed</span>
        <select value={speed} onChange={(event) => player.setSpeed(Number(event.currentTarget.value))}>
          {speeds.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
      </label>
      <Now info={info} />
      <Happened run={run} info={info} />
      <Firing run={run} info={info} />
      <Progress run={run} isWaiting={isWaiting} />
      <button type="button" onClick={chooseAnother} title="another incident, another seed, a document of your own">
        another run
      </button>
    </div>
  );
}

function Now({ info }: { readonly info: RunInfo }) {
  const t = usePlayhead(useExercise(), 6);
  return (
    <p class="now" title="time of day in the incident's zone, and time since the trigger">
      <strong class="time">
        {clockOf(t, info.clock.zeroOfDay)} {info.clock.zone}
      </strong>{' '}
      <span class="after">{afterOf(t)}</span>
    </p>
  );
}

/** The phase, and what happened last; in the window of a minute it is what happens now. */
function Happened({ run, info }: { readonly run: Run; readonly info: RunInfo }) {
  const t = usePlayhead(useExercise(), 4);
  const story = useSelected(run.state, (state) => state.story);
  if (story === undefined) return <p class="happened" />;
  const phase = story.phases.find(({ start, end }) => t >= start && t < end);
  const last = story.strip.marks.findLast((mark) => mark.t <= t);
  const text =
    last === undefined
      ? ''
      : `${clockOf(last.t, info.clock.zeroOfDay).slice(0, 5)} ${last.isPublished ? 'published: ' : ''}${last.text}`;
  return (
    <p class="happened" title={text}>
      {phase !== undefined && t <= story.until && <span class={`phase-name phase-${phase.id}`}>{phase.title}</span>}
      <span class="note">{text}</span>
    </p>
  );
}

function Progress({ run, isWaiting }: { readonly run: Run; readonly isWaiting: boolean }) {
  const status = useSelected(run.state, (state) => state.status);
  const percent = useSelected(run.state, ({ info, until }) =>
    info === undefined
      ? 0
      : Math.floor((100 * (until - info.startSeconds)) / Math.max(1, info.endSeconds - info.startSeconds)),
  );
  const text =
    status === 'done'
      ? 'all computed'
      : status === 'running'
        ? `${isWaiting ? 'waiting: ' : ''}computed ${percent} %`
        : status === 'aborted'
          ? `stopped at ${percent} %`
          : '';
  return (
    <p class="progress" title="what has been computed can be gone to at once">
      <span class={isWaiting && status === 'running' ? 'waiting' : ''}>{text}</span>{' '}
      {status === 'running' && (
        <button type="button" onClick={() => run.abort()}>
          stop
        </button>
      )}
    </p>
  );
}

/** The alerts that fire at the time shown. */
function Firing({ run, info }: { readonly run: Run; readonly info: RunInfo }) {
  const frame = useFrame(run);
  const alerts = frame === undefined ? [] : alertsOf(frame, info.layout);
  if (alerts.length === 0) return null;
  const inWords = alerts.map(({ name, clusters }) => `${name} (${clusters.join(', ')})`).join(', ');
  return (
    <p class="firing" title={inWords}>
      alert: {alerts.map(({ name, clusters }) => `${name} in ${countOf(clusters.length)}`).join(', ')}{' '}
      {alerts.every(({ clusters }) => clusters.length === 1) ? 'cluster' : 'clusters'}
    </p>
  );
}
