/** Sessions as files: saved for later, for somebody else, or opened again. */
import { longestDrillFile } from '@brownout/scenarios';
import { useState } from 'preact/hooks';
import { saveText } from '../save-text.ts';
import { useFile } from '../use-file.tsx';
import type { DebriefBook } from './debrief-book.ts';

interface SessionFilesProps {
  readonly book: DebriefBook;
  /** The session that is shown, as a file, and what it is of. */
  readonly text?: string | undefined;
  readonly name?: string;
}

/** Buttons. */
export function SessionFiles({ book, text, name = 'session' }: SessionFilesProps) {
  const [problem, setProblem] = useState('');
  const { choose, input } = useFile({
    label: 'session file',
    accept: '.json',
    largest: longestDrillFile,
    say: setProblem,
    open: (fileName, content) => book.open(fileName, content),
  });
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
      <button type="button" onClick={choose}>
        open session ...
      </button>
      {input}
      {problem !== '' && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </p>
  );
}
