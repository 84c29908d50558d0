/** Values of the document that have a source, the least certain first; each can be replaced, and any other place as well. */
import { useState } from 'preact/hooks';
import { type Changes, withAssignment } from './changes.ts';
import type { Choices, ParameterChoice } from './what-if-tasks.ts';

/** Weakest first: what is only assumed is what one wants to turn. */
const sourceOrder = ['assumed', 'derived', 'documented', 'measured'] as const;

const sourceTitles = {
  assumed: 'Assumed: nobody has said so',
  derived: 'Derived from other values',
  documented: 'Documented somewhere',
  measured: 'Measured',
} as const;

interface ListProps {
  readonly choices: Choices;
  readonly changes: Changes;
  readonly filter: string;
  readonly change: (changes: Changes, atOnce: boolean) => void;
}

/** All of them, and those that were added by hand. */
export function ParameterList({ choices, changes, filter, change }: ListProps) {
  const words = filter.toLowerCase();
  const known = new Set(choices.parameters.map(({ path }) => path));
  const others = [...changes.assignments].filter(([path]) => !known.has(path));
  return (
    <>
      <OtherPlace changes={changes} change={change} />
      {others.map(([path, text]) => (
        <p key={path} class="place chosen">
          <code>
            {path} = {text}
          </code>{' '}
          <button type="button" onClick={() => change(withAssignment(changes, path, undefined), true)}>
            take back
          </button>
        </p>
      ))}
      {sourceOrder.map((source) => {
        const all = choices.parameters.filter((one) => one.source === source && one.isSingle);
        const shown = all.filter(({ path, note }) => `${path} ${note}`.toLowerCase().includes(words));
        if (shown.length === 0) return null;
        return (
          <details key={source} class="theme" open={source === 'assumed' || words !== ''}>
            <summary>
              {sourceTitles[source]} <span class="note">{all.length}</span>
            </summary>
            {shown.map((one) => (
              <Place key={one.path} one={one} changes={changes} change={change} />
            ))}
          </details>
        );
      })}
    </>
  );
}

interface PlaceProps extends Pick<ListProps, 'changes' | 'change'> {
  readonly one: ParameterChoice;
}

function Place({ one, changes, change }: PlaceProps) {
  const { path, text, note } = one;
  const changed = changes.assignments.get(path);
  const id = `place-${path}`;
  return (
    <div class={changed === undefined ? 'place' : 'place chosen'}>
      <label for={id} title={note}>
        {path}
      </label>
      <input
        id={id}
        type="text"
        data-path={path}
        maxLength={500}
        value={changed ?? ''}
        placeholder={text}
        title={`${note}; in the document: ${text}`}
        onInput={(event) => change(withAssignment(changes, path, event.currentTarget.value), false)}
      />
    </div>
  );
}

function OtherPlace({ changes, change }: Pick<ListProps, 'changes' | 'change'>) {
  const [typed, setTyped] = useState('');
  const equals = typed.indexOf('=');
  const isWhole = equals > 0 && equals < typed.trim().length - 1;
  return (
    <form
      class="other-place"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWhole) return;
        change(withAssignment(changes, typed.slice(0, equals).trim(), typed.slice(equals + 1)), true);
        setTyped('');
      }}
    >
      <input
        type="text"
        aria-label="any place in the document, as path=value"
        placeholder="any other place: clusters[large-1].nodes=5000"
        maxLength={2000}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <button type="submit" disabled={!isWhole}>
        set
      </button>
    </form>
  );
}
