/** Who is there; and for the page that hosts it, how others join from tabs of their own. */
import type { Seat } from '../../src/drill/drill-messages.ts';
import { useStore } from '../store.ts';
import type { Desk } from './desk.ts';
import type { Member } from './member.ts';

interface SeatTableProps {
  readonly desk: Desk;
  readonly seats: readonly Seat[];
  readonly member: Member;
}

/** A row for each seat. */
export function SeatTable({ desk, seats, member }: SeatTableProps) {
  const place = useStore(desk.place);
  const own = useStore(desk.members);
  return (
    <div class="seat-table">
      <h3>People</h3>
      <ul>
        {seats.map(({ name, roles, isTaken }) => (
          <li key={name}>
            <strong>{name}</strong> <span class="note">{roles.join(', ')}</span>{' '}
            {place.kind === 'here' && (
              <a
                href={tabAddress(place.session, place.order.code, name)}
                target="_blank"
                rel="opener"
                title="a tab of this browser, for another screen; this page then cannot look through these eyes any more"
                // The seat must be free when the tab asks for it.
                onClick={() => void desk.leave(name)}
              >
                tab of their own
              </a>
            )}
            {isTaken && !own.some(({ seat }) => seat === name) && (
              <button
                type="button"
                title="whoever sits there has to join again"
                onClick={() => void member.facilitate({ kind: 'free', seat: name })}
              >
                free the seat
              </button>
            )}
            {!isTaken && <span class="note"> not here</span>}
          </li>
        ))}
      </ul>
      {place.kind === 'here' && (
        <p>
          <a href={tabAddress(place.session, place.order.facilitatorCode)} target="_blank" rel="opener">
            facilitator in a tab of its own
          </a>
        </p>
      )}
    </div>
  );
}

function tabAddress(session: string, code: string, seat?: string): string {
  const parameters = new URLSearchParams({ tab: session, code, ...(seat === undefined ? {} : { seat }) });
  return `#drill?${parameters.toString()}`;
}
