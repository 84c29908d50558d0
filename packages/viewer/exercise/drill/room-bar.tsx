/** The bar over a drill: what time it is, how time goes, and through whose eyes this page looks. */
import { FACILITATOR } from '@brownout/scenarios';
import { useState } from 'preact/hooks';
import type { Pace } from '../../src/drill/drill-messages.ts';
import { messageOf } from '../message-of.ts';
import { useStore } from '../store.ts';
import { spanOf } from '../watch/time.ts';
import type { Desk } from './desk.ts';
import type { Member } from './member.ts';
import { drillSpeeds } from './set-up-manner.tsx';

interface RoomBarProps {
  readonly desk: Desk;
  readonly member: Member;
}

const states: Readonly<Record<Pace['state'], string>> = {
  preparing: 'what happened before is being computed ...',
  waiting: 'waiting for the facilitator to begin',
  running: '',
  paused: 'paused',
  over: 'over',
};

/** The bar. */
export function RoomBar({ desk, member }: RoomBarProps) {
  const { pace, left } = useStore(member.state);
  const isGone = useStore(desk.isGone);
  const place = useStore(desk.place);
  const notice = useStore(desk.notice);
  return (
    <div class="room-bar">
      {pace !== undefined && (
        <p class="drill-clock">
          <strong class="drill-time">{pace.clock}</strong> {pace.zone}{' '}
          <span class="note" title="since the exercise began">
            {spanOf(Math.max(0, pace.t - pace.startSeconds))}
          </span>
        </p>
      )}
      <p class={`drill-state state-${pace?.state ?? 'preparing'}`} role="status">
        {pace === undefined ? states.preparing : states[pace.state]}
        {pace?.isBehind === true && (
          <span class="note" title="this machine cannot compute as fast as was asked for">
            {' '}
            slower than {pace.speed}×
          </span>
        )}
      </p>
      {notice !== '' && (
        <p class="problem" role="alert">
          {notice}
        </p>
      )}
      {isGone && (
        <p class="problem" role="alert">
          {place.kind === 'elsewhere' && place.how === 'server'
            ? 'the server of the exercise does not answer; this page tries again by itself'
            : 'the tab that hosts the exercise does not answer'}
        </p>
      )}
      {left !== undefined && (
        <p class="problem" role="alert">
          {left}{' '}
          <button type="button" onClick={() => void desk.leave(member.seat)}>
            join again
          </button>
        </p>
      )}
      {pace !== undefined && <PaceControls desk={desk} pace={pace} />}
      <Seats desk={desk} />
      {pace?.state === 'over' && (
        <a class="main-button" href="#debrief">
          to the debrief
        </a>
      )}
      {desk.facilitator !== undefined && (
        <EndButton desk={desk} isHere={place.kind === 'here'} isOver={pace?.state === 'over'} />
      )}
    </div>
  );
}

/** For the page that has the facilitator's seat: begin, pause, speed. */
function PaceControls({ desk, pace }: { readonly desk: Desk; readonly pace: Pace }) {
  const { facilitator } = desk;
  if (facilitator === undefined || pace.state === 'over' || pace.state === 'preparing') return null;
  const command = pace.state === 'running' ? 'pause' : pace.state === 'waiting' ? 'begin' : 'resume';
  return (
    <div class="pace">
      <button
        type="button"
        class={command === 'begin' ? 'main-button' : ''}
        onClick={() => void facilitator.facilitate({ kind: command })}
      >
        {command}
      </button>
      <label title="simulated seconds in a second">
        <span class="hidden">speed</span>
        <select
          value={pace.speed}
          onChange={(event) => void facilitator.facilitate({ kind: 'speed', speed: Number(event.currentTarget.value) })}
        >
          {[...new Set([...drillSpeeds, pace.speed])]
            .sort((one, other) => one - other)
            .map((speed) => (
              <option key={speed} value={speed}>
                {speed}×
              </option>
            ))}
        </select>
      </label>
    </div>
  );
}

/** Whose eyes: on the page that hosts it everybody's, one after the other. */
function Seats({ desk }: { readonly desk: Desk }) {
  const place = useStore(desk.place);
  const members = useStore(desk.members);
  const shown = useStore(desk.shown);
  const [problem, setProblem] = useState('');
  if (place.kind !== 'here') return <p class="seats-bar">{shown}</p>;
  const sit = (seat: string): void => {
    setProblem('');
    desk.sit(seat).catch((error: unknown) => setProblem(messageOf(error)));
  };
  return (
    <div class="seats-bar" role="group" aria-label="look through the eyes of">
      {[...place.order.trainees.map(({ name }) => name), FACILITATOR].map((seat) => (
        <button
          key={seat}
          type="button"
          aria-pressed={seat === shown}
          title={
            seat === FACILITATOR
              ? 'shows the truth: not for trainees'
              : members.some((one) => one.seat === seat)
                ? ''
                : 'not here yet'
          }
          onClick={() => sit(seat)}
        >
          {seat}
        </button>
      ))}
      {problem !== '' && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}

interface EndButtonProps {
  readonly desk: Desk;
  /** Whether this page hosts it. */
  readonly isHere: boolean;
  readonly isOver: boolean;
}

/** Ends the exercise, or clears it away; asks first, since nothing brings it back. */
function EndButton({ desk, isHere, isOver }: EndButtonProps) {
  const [isAsked, setAsked] = useState(false);
  if (isOver) {
    return !isHere ? null : (
      <button type="button" onClick={() => desk.end()}>
        another exercise
      </button>
    );
  }
  if (!isAsked) {
    return (
      <button type="button" onClick={() => setAsked(true)}>
        end ...
      </button>
    );
  }
  return (
    <span class="asked" role="group" aria-label="end the exercise">
      <button
        type="button"
        onClick={() => {
          setAsked(false);
          void desk.facilitator?.facilitate({ kind: 'end' });
        }}
      >
        end and debrief
      </button>{' '}
      {isHere && (
        <button type="button" onClick={() => desk.end()}>
          throw away
        </button>
      )}{' '}
      <button type="button" onClick={() => setAsked(false)}>
        go on
      </button>
    </span>
  );
}
