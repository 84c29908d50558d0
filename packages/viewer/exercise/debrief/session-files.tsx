/** Sessions as files: saved for later, for somebody else, or opened again. */
import { longestDrillFile } from '@brownout/scenarios';
import { useRef, useState } from 'preact/hooks';
import { countOf } from '../watch/time.ts';
import type { DebriefBook } from './debrief-book.ts';
import { saveText } from './save-text.ts';

interface SessionFilesProps {
  readonly book: DebriefBook;
  /** The session that is shown, as a file, and what it is of. */
  readonly text?: string | undefined;
  readonly name?: string;
}

/** Buttons. */
export function SessionFiles({ book, text, name = 'session' }: SessionFilesProps) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState('');
  const read = async (file: File): Promise<void> => {
    if (file.size > longestDrillFile) setProblem(`"${file.name}": expected at most ${countOf(longestDrillFile)} bytes`);
    else {
      setProblem('');
      book.open(file.name, await file.text());
    }
  };
  return (
    <p class="buttons">
      {text !== undefined && (
        <button
          type="button"
          title="set-up, document and everything that people did; played again it comes to the same digest"
          onClick={() => saveText(`${name}.drill.json`, 'application/json', text)}
        >
          save session
        </button>
      )}{' '}
      <button type="button" onClick={() => input.current?.click()}>
        open session ...
      </button>
      <input
        ref={input}
        type="file"
        accept=".json"
        class="hidden"
        aria-label="session file"
        tabIndex={-1}
        onChange={(event) => {
          const { currentTarget } = event;
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file !== undefined) void read(file);
        }}
      />
      {problem !== '' && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </p>
  );
}
