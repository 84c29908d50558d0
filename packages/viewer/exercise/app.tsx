/** The page around the screens: tabs, look, keys that work everywhere, and the beat that moves the time. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { LookButton } from '../page/look-button.tsx';
import { type Theme, useDark } from '../page/look.ts';
import { ExerciseContext, type Exercise } from './exercise-context.ts';
import { Keys } from './keys.tsx';
import { readAddress, screens } from './screens.ts';
import { useSelected, useStore } from './store.ts';

/** The whole page. */
export function App({ exercise }: { readonly exercise: Exercise }) {
  const screen = useStore(exercise.screen);
  const [theme, setTheme] = useState<Theme>('auto');
  const [showsKeys, setShowsKeys] = useState(false);
  const isDark = useDark(theme);
  useBeat(exercise);
  useAddress(exercise);
  useKeys(exercise, () => setShowsKeys((shown) => !shown));
  const Current = screens.find(({ id }) => id === screen)?.Component;
  return (
    <ExerciseContext.Provider value={exercise}>
      <header class="top">
        <h1>Brownout</h1>
        <nav aria-label="Screens">
          {screens.map(({ id, title, hint }, index) => (
            <a
              key={id}
              href={`#${id}`}
              title={`${hint} (key ${index + 1})`}
              aria-current={id === screen ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        <RunTitle exercise={exercise} />
        <button type="button" onClick={() => setShowsKeys(true)} title="keys that work everywhere (?)">
          keys
        </button>
        <LookButton theme={theme} setTheme={setTheme} />
      </header>
      <main>{Current !== undefined && <Current isDark={isDark} />}</main>
      {showsKeys && <Keys close={() => setShowsKeys(false)} />}
    </ExerciseContext.Provider>
  );
}

function RunTitle({ exercise }: { readonly exercise: Exercise }) {
  const run = useStore(exercise.run);
  return run === undefined ? <p class="run-title" /> : <KnownRunTitle run={run} />;
}

function KnownRunTitle({ run }: { readonly run: NonNullable<Exercise['run']['value']> }) {
  const info = useSelected(run.state, (state) => state.info);
  const result = useSelected(run.state, (state) => state.result);
  if (info === undefined) return <p class="run-title">reading the document ...</p>;
  return (
    <p class="run-title" title={`${info.summary}\ndocument ${info.documentHash}`}>
      {info.title}{' '}
      <span class="note">
        seed {info.seed}
        {result !== undefined && (
          <>
            , digest <span class="digest">{result.digest}</span>
          </>
        )}
      </span>
    </p>
  );
}

/** The time moves with the beat of the page, before anything that shows it. */
function useBeat({ beat, player }: Exercise): void {
  useLayoutEffect(() => {
    const stopTime = beat.add((elapsed) => player.tick(elapsed));
    const stopBeat = beat.start();
    return () => {
      stopBeat();
      stopTime();
    };
  }, [beat, player]);
}

/** The address decides the screen, so that back and forward work. */
function useAddress(exercise: Exercise): void {
  useEffect(() => {
    const read = (): void => {
      const { screen, parameters } = readAddress(location.hash);
      exercise.screen.set(screen);
      exercise.parameters.set(parameters);
    };
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, [exercise]);
}

/** Keys that work everywhere, except while somebody types or has a dialog open. */
function useKeys({ player }: Exercise, toggleHelp: () => void): void {
  const latest = useRef(toggleHelp);
  latest.current = toggleHelp;
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { target } = event;
      const isTyping =
        target instanceof HTMLElement &&
        target.closest('input:not([type=range]):not([type=checkbox]), textarea, select, dialog') !== null;
      if (event.defaultPrevented || isTyping || event.altKey || event.ctrlKey || event.metaKey) return;
      const act = actionOf(event, player, latest.current);
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, [player]);
}

/** Steps of the arrow-like keys, in simulated seconds. */
const smallStep = 10;
const largeStep = 300;

function actionOf(event: KeyboardEvent, player: Exercise['player'], help: () => void): (() => void) | undefined {
  const isButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null;
  const move = (seconds: number) => () => player.seek(player.time.value + seconds);
  switch (event.key) {
    case ' ':
      // On a button it presses that button.
      return isButton ? undefined : () => player.toggle();
    case 'k':
      return () => player.toggle();
    case 'j':
      return move(-smallStep);
    case 'l':
      return move(smallStep);
    case 'J':
      return move(-largeStep);
    case 'L':
      return move(largeStep);
    case '<':
    case ',':
      return () => player.changeSpeed(-1);
    case '>':
    case '.':
      return () => player.changeSpeed(1);
    case '?':
      return help;
    default: {
      const screen = screens[Number(event.key) - 1];
      return screen === undefined ? undefined : () => (location.hash = screen.id);
    }
  }
}
