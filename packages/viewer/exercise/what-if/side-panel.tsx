/** What can be changed: mitigations, values of the document, what people do; and what is changed already. */
import { useEffect, useState } from 'preact/hooks';
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { ActionList } from './action-list.tsx';
import type { BranchBook } from './branch-book.ts';
import { noChanges } from './changes.ts';
import { MitigationList } from './mitigation-list.tsx';
import { ParameterList } from './parameter-list.tsx';

/** The panel. */
export function SidePanel({ book }: { readonly book: BranchBook }) {
  const choices = useStore(book.choices);
  const changes = useStore(book.changes);
  const { player } = useExercise();
  const [tab, setTab] = useState<'mitigations' | 'parameters' | 'actions'>('mitigations');
  const [filter, setFilter] = useState('');
  useEffect(() => setFilter(''), [tab]);
  const count = changes.mitigations.size + changes.assignments.size + changes.actions.length;
  return (
    <aside class="side" aria-label="What to change">
      <div class="side-head">
        <button type="button" aria-pressed={tab === 'mitigations'} onClick={() => setTab('mitigations')}>
          Mitigations
        </button>
        <button type="button" aria-pressed={tab === 'parameters'} onClick={() => setTab('parameters')}>
          Parameters
        </button>
        <button type="button" aria-pressed={tab === 'actions'} onClick={() => setTab('actions')}>
          Actions{changes.actions.length > 0 ? ` (${changes.actions.length})` : ''}
        </button>
        <button type="button" class="push" disabled={count === 0} onClick={() => book.change(noChanges)}>
          undo all{count > 0 ? ` (${count})` : ''}
        </button>
        {tab !== 'actions' && (
          <input
            type="text"
            aria-label="find"
            placeholder={tab === 'mitigations' ? 'find a mitigation' : 'find a value'}
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        )}
      </div>
      <div class="side-body">
        {choices === undefined ? (
          <p class="note">reading the document ...</p>
        ) : tab === 'mitigations' ? (
          <MitigationList
            choices={choices}
            changes={changes}
            filter={filter}
            change={(next, atOnce) => book.change(next, atOnce)}
          />
        ) : tab === 'actions' ? (
          <ActionList
            book={book}
            choices={choices}
            changes={changes}
            usualTime={Math.max(0, Math.round(player.time.value / 60) * 60)}
          />
        ) : (
          <ParameterList
            choices={choices}
            changes={changes}
            filter={filter}
            change={(next, atOnce) => book.change(next, atOnce)}
          />
        )}
      </div>
    </aside>
  );
}
