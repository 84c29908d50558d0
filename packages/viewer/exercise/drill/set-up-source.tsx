/** Which day is lived through: an incident that comes with the page, or a document of one's own. */
import { useRef, useState } from 'preact/hooks';
import type { RunSource } from '../engine/protocol.ts';
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { countOf } from '../watch/time.ts';

interface SourceProps {
  readonly source: RunSource;
  readonly setSource: (source: RunSource) => void;
  readonly summary: string;
}

/** Files are refused unread above this size; documents have some ten thousand characters. */
const largestFile = 400_000;

/** The list, and a way to open a file. */
export function Source({ source, setSource, summary }: SourceProps) {
  const entries = useStore(useExercise().catalogue);
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState('');
  const read = async (file: File): Promise<void> => {
    if (!/\.(ya?ml|json)$/i.test(file.name))
      setProblem(`"${file.name}": expected a file ending in .yaml, .yml or .json`);
    else if (file.size > largestFile) setProblem(`"${file.name}": expected at most ${countOf(largestFile)} bytes`);
    else {
      setProblem('');
      setSource({ kind: 'text', name: file.name, text: await file.text() });
    }
  };
  return (
    <fieldset>
      <legend>Incident</legend>
      {entries.map(({ id, title, nodes }) => (
        <label key={id} class="choice">
          <input
            type="radio"
            name="incident"
            value={id}
            checked={source.kind === 'incident' && source.id === id}
            onChange={() => setSource({ kind: 'incident', id })}
          />
          <span>
            {title} <span class="note">{countOf(nodes)} nodes</span>
          </span>
        </label>
      ))}
      <label class="choice">
        <input
          type="radio"
          name="incident"
          value="own"
          checked={source.kind === 'text'}
          onClick={() => source.kind !== 'text' && input.current?.click()}
          onChange={(event) => {
            // It is chosen by choosing a file.
            if (source.kind !== 'text') event.currentTarget.checked = false;
          }}
        />
        <span>
          {source.kind === 'text' ? `${source.name} ` : 'a document of your own '}
          <button type="button" onClick={() => input.current?.click()}>
            open file ...
          </button>
        </span>
      </label>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,.json"
        class="hidden"
        aria-label="scenario document"
        tabIndex={-1}
        onChange={(event) => {
          const { currentTarget } = event;
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file !== undefined) void read(file);
        }}
      />
      {problem !== '' && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {summary !== '' && (
        <details class="summary-of">
          <summary>what happens in it (for the facilitator)</summary>
          <p class="note">{summary}</p>
        </details>
      )}
    </fieldset>
  );
}
