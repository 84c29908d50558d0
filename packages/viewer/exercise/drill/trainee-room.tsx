/** What a trainee has in front of them: dashboards, pager, chat, console and runbook. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DrillView } from '@brownout/scenarios';
import { useStore } from '../store.ts';
import { Boards } from './boards.tsx';
import { Briefing } from './briefing.tsx';
import { Chat } from './chat.tsx';
import { Console } from './console.tsx';
import type { Member } from './member.ts';
import { Pager } from './pager.tsx';
import { Runbook } from './runbook.tsx';
import { zeroOfDay } from './wording.ts';

interface TraineeRoomProps {
  readonly member: Member;
  readonly isDark: boolean;
}

/** The room of one trainee. */
export function TraineeRoom({ member, isDark }: TraineeRoomProps) {
  const { view, pace } = useStore(member.state);
  if (view === undefined || pace === undefined) return <p class="placeholder">waiting for the first scrape ...</p>;
  const zero = zeroOfDay(view);
  return (
    <div class="room">
      <Briefing briefing={view.briefing} />
      <Boards boards={view.boards} clusters={view.briefing.clusters} zero={zero} now={view.t} isDark={isDark} />
      <Pager view={view} zero={zero} member={member} />
      <section class="console-and-runbook" aria-label="Console and runbook">
        <Console member={member} console={view.console} zero={zero} />
        <Runbook member={member} buttons={view.buttons} clusters={view.briefing.clusters} />
      </section>
      <Chat view={view} zero={zero} member={member} />
      <Announcer view={view} />
    </div>
  );
}

/** Says aloud what pages, and what the facilitator or a hint says. */
function Announcer({ view }: { readonly view: DrillView }) {
  const known = useRef(new Set<string>());
  const isFirst = useRef(true);
  const [urgent, setUrgent] = useState('');
  const [polite, setPolite] = useState('');
  useEffect(() => {
    const fresh = (key: string): boolean => {
      if (known.current.has(key)) return false;
      known.current.add(key);
      return !isFirst.current;
    };
    const pages = view.alerts.filter(({ id, severity }) => severity === 'page' && fresh(`alert ${id}`));
    if (pages.length > 0) {
      setUrgent(pages.map(({ name, cluster }) => `Page: ${name}${cluster === null ? '' : `, ${cluster}`}`).join('. '));
    }
    const hints = view.hints.given
      .filter(({ t, text }) => fresh(`hint ${t} ${text}`))
      .map(({ text }) => `Hint: ${text}`);
    const said = view.chat
      .filter(({ t, text, kind }) => kind === 'facilitator' && fresh(`said ${t} ${text}`))
      .map(({ text }) => `Facilitator: ${text}`);
    if (hints.length + said.length > 0) setPolite([...hints, ...said].join('. '));
    isFirst.current = false;
  }, [view]);
  return (
    <>
      <p class="hidden" aria-live="assertive">
        {urgent}
      </p>
      <p class="hidden" aria-live="polite">
        {polite}
      </p>
    </>
  );
}
