/** What to watch: an incident that comes with the page, or a document of one's own; and with which seed. */
import { useState } from 'preact/hooks';
import type { RunSource } from '../engine/protocol.ts';
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { useDocumentFile } from '../use-file.tsx';
import { countOf } from './time.ts';

/** The list, shown at the start and whenever somebody wants another run. */
export function Chooser({ onStart }: { readonly onStart: () => void }) {
  const exercise = useExercise();
  const entries = useStore(exercise.catalogue);
  const [seed, setSeed] = useState('1');
  const isSeed = /^[\x21-\x7e]{1,64}$/.test(seed);
  const start = (source: RunSource): void => {
    if (!isSeed) return;
    exercise.start({ source, seed });
    onStart();
  };
  return (
    <section class="chooser" aria-label="What to watch">
      <h2>What do you want to watch?</h2>
      <p class="remark">
        Nothing of what you will see is written down anywhere: queues, memory, caches, leases, retries and people are
        simulated in this page, as fast as your machine can.
      </p>
      <ul class="incidents">
        {entries.length === 0 && <li class="note">starting the engine ...</li>}
        {entries.map(({ id, title, summary, nodes }) => (
          <li key={id}>
            <button type="button" data-incident={id} disabled={!isSeed} onClick={() => start({ kind: 'incident', id })}>
              <strong>{title}</strong>
              <span class="note">{countOf(nodes)} nodes</span>
              <span class="summary">{summary}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class="own">
        <OwnDocument start={start} isReady={isSeed} />
        <label>
          seed{' '}
          <input
            type="text"
            class="seed"
            value={seed}
            aria-invalid={!isSeed}
            title="the same document and seed give the same run, to the digest; 1 to 64 characters without spaces"
            onInput={(event) => setSeed(event.currentTarget.value)}
          />
        </label>
      </div>
    </section>
  );
}

interface OwnDocumentProps {
  readonly start: (source: RunSource) => void;
  readonly isReady: boolean;
}

function OwnDocument({ start, isReady }: OwnDocumentProps) {
  const [problem, setProblem] = useState('');
  const { choose, input } = useDocumentFile(setProblem, start);
  return (
    <div class="own-document">
      <button type="button" disabled={!isReady} onClick={choose}>
        a document of your own ...
      </button>{' '}
      <span class="note">YAML or JSON, as for brownout replay; it stays on this machine</span>
      {input}
      {problem !== '' && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
