/** The keys, in a dialog. */
import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [keys: string, what: string])[] = [
  ['Space, k', 'play and pause'],
  ['j, l', '10 seconds back and on; with Shift 5 minutes'],
  [', .', 'slower and faster'],
  ['Home, End, arrows', 'on the time slider: anywhere in the run'],
  ['arrows', 'on the picture: from part to part, each explained in a sentence'],
  ['Enter', 'on a cluster in the picture: brings it to the front'],
  ['Up, Tab, ^C, Escape', 'in the console of a drill: the line before, complete, give up, leave'],
  ['1 2 3 4', 'Watch, What if, Drill, Debrief'],
  ['Tab', 'through everything that can be pressed'],
  ['?', 'this list'],
];

/** A list that is closed by Escape, by its button, or by another question mark. */
export function Keys({ close }: { readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="keys"
      aria-label="Keys"
      onClose={close}
      onKeyDown={(event) => event.key === '?' && close()}
    >
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">close</button>
      </form>
    </dialog>
  );
}
