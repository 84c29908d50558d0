/** Joins a drill that another tab or a server hosts: takes a seat. */
import { useEffect, useState } from 'preact/hooks';
import type { Lobby } from '../../src/drill/drill-messages.ts';
import { messageOf } from '../message-of.ts';
import type { Desk } from './desk.ts';

/** Where the seat that was taken last is kept, so that a page that is loaded again takes it again. */
const seatKey = 'brownout-seat';
/** Milliseconds between two looks at who is there. */
const lookMilliseconds = 2000;

interface JoinProps {
  readonly desk: Desk;
  /** The seat that the address asks for. */
  readonly seat: string | null;
}

/** The list of seats. A facilitator's code needs none, and a seat in the address is taken at once. */
export function Join({ desk, seat }: JoinProps) {
  const [lobby, setLobby] = useState<Lobby | undefined>();
  const [problem, setProblem] = useState('');
  const [tries, setTries] = useState(0);
  const sit = async (name: string): Promise<void> => {
    try {
      await desk.sit(name);
      remember(name);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        const seen = await desk.look();
        if (isOver || seen === undefined) return;
        setLobby(seen);
        setProblem('');
        const wanted = seat ?? remembered();
        const place = seen.seats.find(({ name }) => name === wanted);
        if (place !== undefined && !place.isTaken) {
          await sit(place.name);
          return;
        }
      } catch (error) {
        // Nothing is tried again by itself: a server counts wrong codes.
        if (!isOver) setProblem(messageOf(error));
        return;
      }
      if (!isOver) timer = setTimeout(() => void look(), lookMilliseconds);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [desk, seat, tries]);
  return (
    <section class="join" aria-label="Join the exercise">
      <h2>Join the exercise</h2>
      {lobby === undefined && problem === '' && <p class="note">looking who is there ...</p>}
      {lobby !== undefined && <p class="remark">Who are you?</p>}
      <ul class="seats">
        {lobby?.seats.map(({ name, roles, isTaken }) => (
          <li key={name}>
            <button type="button" disabled={isTaken} onClick={() => void sit(name)}>
              <strong>{name}</strong> <span class="note">{isTaken ? 'is here already' : roles.join(', ')}</span>
            </button>
          </li>
        ))}
      </ul>
      {problem !== '' && (
        <p class="problem" role="alert">
          {problem}{' '}
          <button type="button" onClick={() => setTries(tries + 1)}>
            try again
          </button>
        </p>
      )}
    </section>
  );
}

function remember(seat: string): void {
  try {
    sessionStorage.setItem(seatKey, seat);
  } catch {
    // Then it is chosen again.
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(seatKey);
  } catch {
    return null;
  }
}
