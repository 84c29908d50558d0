/** Drills whose page was closed while it hosted them: to be taken up, or thrown away. */
import { useEffect, useState } from 'preact/hooks';
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import { spanOf } from '../watch/time.ts';
import type { Desk } from './desk.ts';
import { forget, keptDrills, type KeptDrill } from './kept-drills.ts';
import { isHosted } from './tab-transport.ts';

/** The list; nothing where none is kept, and a word where nothing can be. */
export function KeptList({ desk }: { readonly desk: Desk }) {
  const { shelf } = desk;
  const titles = useStore(useExercise().catalogue);
  const [kept, setKept] = useState<readonly KeptDrill[]>([]);
  useEffect(() => {
    let isCurrent = true;
    if (shelf === undefined) return undefined;
    for (const one of keptDrills(shelf)) {
      void isHosted(one.session).then((isAlive) => {
        if (isCurrent && !isAlive) setKept((others) => [...others, one].sort((a, b) => b.at - a.at));
      });
    }
    return () => {
      isCurrent = false;
    };
  }, [shelf]);
  if (shelf === undefined) {
    return <p class="note">This browser keeps nothing for this page: an exercise is lost when its page is closed.</p>;
  }
  if (kept.length === 0) return null;
  return (
    <section class="kept" aria-label="Exercises whose page was closed">
      {kept.map((one) => {
        const { source, trainees, seed } = one.order;
        const title =
          source.kind === 'text' ? source.name : (titles.find(({ id }) => id === source.id)?.title ?? source.id);
        return (
          <p key={one.session}>
            You were hosting <b>{title}</b>{' '}
            <span class="note">
              {trainees.map(({ name }) => name).join(', ')}; seed {seed}; {spanOf(Math.max(0, one.past.untilSeconds))}{' '}
              {one.past.untilSeconds < 0 ? 'before' : 'after'} the trigger{one.past.state === 'over' ? ', over' : ''}
            </span>{' '}
            <button type="button" class="main-button" onClick={() => void desk.takeUp(one)}>
              take it up
            </button>{' '}
            <button
              type="button"
              onClick={() => {
                forget(shelf, one.session);
                setKept(kept.filter((other) => other !== one));
              }}
            >
              throw away
            </button>
          </p>
        );
      })}
    </section>
  );
}
