/** Which day is lived through: an incident that comes with the page, or a document of one's own. */
import { useState } from 'preact/hooks';
import type { RunSource } from '../engine/protocol.ts';
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { useDocumentFile } from '../use-file.tsx';
import { countOf } from '../watch/time.ts';

interface SourceProps {
  readonly source: RunSource;
  readonly setSource: (source: RunSource) => void;
  readonly summary: string;
}

/** The list, and a way to open a file. */
export function Source({ source, setSource, summary }: SourceProps) {
  const entries = useStore(useExercise().catalogue);
  const [problem, setProblem] = useState('');
  const { choose, input } = useDocumentFile(setProblem, setSource);
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
          onClick={() => source.kind !== 'text' && choose()}
          onChange={(event) => {
            // It is chosen by choosing a file.
            if (source.kind !== 'text') event.currentTarget.checked = false;
          }}
        />
        <span>
          {source.kind === 'text' ? `${source.name} ` : 'a document of your own '}
          <button type="button" onClick={choose}>
            open file ...
          </button>
        </span>
      </label>
      {input}
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
