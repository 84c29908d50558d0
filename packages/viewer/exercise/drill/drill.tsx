/** The screen "Drill": sets one up, joins one, or takes part in one. */
import { useEffect } from 'preact/hooks';
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { deskOf } from './desk.ts';
import { FacilitatorRoom } from './facilitator-room.tsx';
import { Join } from './join.tsx';
import { RoomBar } from './room-bar.tsx';
import { invitationOf } from './server-transport.ts';
import { SetUp } from './set-up.tsx';
import { TraineeRoom } from './trainee-room.tsx';
import './drill.css';

/** See above. */
export function Drill({ isDark }: { readonly isDark: boolean }) {
  const exercise = useExercise();
  const desk = deskOf(exercise);
  const parameters = useStore(exercise.parameters);
  const place = useStore(desk.place);
  const members = useStore(desk.members);
  const shown = useStore(desk.shown);
  useEffect(() => {
    // Whoever has no seat yet may have been given a better code.
    const { value: where } = desk.place;
    if (where.kind === 'here' || desk.members.value.length > 0) return;
    const invitation = invitationOf(parameters);
    const given = new URLSearchParams(parameters);
    const [tab, code] = [given.get('tab'), given.get('code')];
    if (invitation !== undefined) desk.visit('server', invitation.session, invitation.code);
    else if (tab !== null && code !== null) desk.visit('tab', tab, code);
  }, [desk, parameters]);
  useEffect(() => {
    // A page that is closed gives its seats back.
    const goodbye = (): void => {
      if (desk.place.value.kind === 'elsewhere') for (const member of desk.members.value) void member.leave();
    };
    addEventListener('pagehide', goodbye);
    return () => removeEventListener('pagehide', goodbye);
  }, [desk]);
  if (place.kind === 'none') return <SetUp desk={desk} />;
  const member = members.find(({ seat }) => seat === shown);
  if (member === undefined) {
    if (place.kind === 'elsewhere')
      return <Join key={place.code} desk={desk} seat={new URLSearchParams(parameters).get('seat')} />;
    return <p class="placeholder">setting the exercise up ...</p>;
  }
  return (
    <div class="drill">
      <RoomBar desk={desk} member={member} />
      {member.isFacilitator ? (
        <FacilitatorRoom desk={desk} member={member} />
      ) : (
        <TraineeRoom key={member.seat} member={member} isDark={isDark} />
      )}
    </div>
  );
}
