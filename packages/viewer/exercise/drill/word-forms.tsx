/** What the facilitator says: to everybody, as a hint, or as a note for the debrief. */
import { useState } from 'preact/hooks';
import type { FacilitatorCommand } from '../../src/drill/drill-messages.ts';
import { messageOf } from '../message-of.ts';
import type { Member } from './member.ts';

/** One line, and what becomes of it. */
export function WordForms({ member }: { readonly member: Member }) {
  const [text, setText] = useState('');
  const [said, setSaid] = useState('');
  const send = async (command: FacilitatorCommand): Promise<void> => {
    try {
      await member.facilitate(command);
      setText('');
      setSaid('');
    } catch (error) {
      setSaid(messageOf(error));
    }
  };
  const words = text.trim();
  return (
    <form
      class="words"
      aria-label="Notes, messages, hints"
      onSubmit={(event) => {
        event.preventDefault();
        if (words !== '') void send({ kind: 'note', text: words });
      }}
    >
      <h3>Notes, messages, hints</h3>
      <input
        type="text"
        aria-label="note, message or hint"
        maxLength={500}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="buttons">
        <button type="submit" disabled={words === ''} title="for the debrief; trainees do not see it">
          note
        </button>{' '}
        <button
          type="button"
          disabled={words === ''}
          title="in the channel, for all"
          onClick={() => void send({ kind: 'message', text: words })}
        >
          message
        </button>{' '}
        <button
          type="button"
          title={words === '' ? 'the next one of the ladder' : 'these words, as a hint'}
          onClick={() => void send(words === '' ? { kind: 'hint' } : { kind: 'hint', text: words })}
        >
          {words === '' ? 'next hint' : 'hint'}
        </button>
      </p>
      {said !== '' && (
        <p class="problem" role="status">
          {said}
        </p>
      )}
    </form>
  );
}
