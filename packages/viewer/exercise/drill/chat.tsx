/** The incident channel: trainees, simulated colleagues, bots, the facilitator. */
import type { ChatMessage, DrillView } from '@brownout/scenarios';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from '../message-of.ts';
import type { Member } from './member.ts';
import { minuteOf, sayLine } from './wording.ts';

interface ChatProps {
  readonly view: DrillView;
  readonly zero: number;
  readonly member: Member;
}

/** Messages, the latest at the bottom, and a line to write one. */
export function Chat({ view, zero, member }: ChatProps) {
  const place = useRef<HTMLUListElement>(null);
  const isAtEnd = useRef(true);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  useLayoutEffect(() => {
    const list = place.current;
    // Who reads further up is left there.
    if (list !== null && isAtEnd.current) list.scrollTop = list.scrollHeight;
  }, [view.chat]);
  const say = async (): Promise<void> => {
    if (text.trim() === '') return;
    try {
      const entered = await member.enter({ kind: 'line', line: sayLine(text.trim()) });
      setProblem(entered.isAccepted ? '' : entered.text);
      if (entered.isAccepted) setText('');
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <section class="chat" aria-label="Incident channel">
      <h3>#incident</h3>
      <ul
        ref={place}
        class="messages"
        role="log"
        // Keys scroll what has the focus.
        tabIndex={0}
        aria-label="messages"
        onScroll={({ currentTarget: list }) => {
          isAtEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < 30;
        }}
      >
        {view.chat.length === 0 && <li class="note">Nobody has said anything.</li>}
        {view.chat.map((message, index) => (
          <Message key={index} message={message} zero={zero} isOwn={message.from === view.trainee} />
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void say();
        }}
      >
        <input
          type="text"
          aria-label="message to the channel"
          placeholder="message to the channel"
          maxLength={400}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">say</button>
      </form>
      {problem !== '' && (
        <p class="problem" role="status">
          {problem}
        </p>
      )}
    </section>
  );
}

interface MessageProps {
  readonly message: ChatMessage;
  readonly zero: number;
  readonly isOwn: boolean;
}

function Message({ message: { t, from, text, cluster, kind }, zero, isOwn }: MessageProps) {
  return (
    <li class={`message from-${isOwn ? 'self' : kind}`}>
      <span class="note">{minuteOf(t, zero)}</span> <strong>{from}</strong>
      {cluster !== undefined && <span class="note"> {cluster}</span>} {text}
    </li>
  );
}
