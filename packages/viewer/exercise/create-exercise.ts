/** The exercise of a page: engine, player and the run that is watched, put together. */
import { Beat } from './beat.ts';
import { Engine, type EngineWorker } from './engine/engine.ts';
import type { CatalogueEntry, RunRequest } from './engine/protocol.ts';
import { Run } from './engine/run.ts';
import type { Exercise, ScreenId } from './exercise-context.ts';
import { Player, type Stretch } from './player.ts';
import { Store } from './store.ts';

/** Makes it; the engine is asked at once which incidents there are. */
export function createExercise(createWorker: () => EngineWorker, screen: ScreenId, parameters: string): Exercise {
  const engine = new Engine(createWorker);
  const answers = new Engine(createWorker, 1);
  const player = new Player();
  const run = new Store<Run | undefined>(undefined);
  const catalogue = new Store<readonly CatalogueEntry[]>([]);
  let stop = (): void => {};

  /** The player follows the run: where it begins and ends, and how much of it is computed. */
  const follow = (next: Run, onInfo: (stretch: Stretch) => void): void => {
    stop();
    let isKnown = false;
    const hear = (): void => {
      const { info, until, status } = next.state.value;
      if (info === undefined) return;
      // What an aborted run did not reach will never come.
      const end = status === 'aborted' || status === 'failed' ? until : info.endSeconds;
      const stretch = { start: info.startSeconds, end, computed: until };
      if (isKnown) player.cover(stretch);
      else onInfo(stretch);
      isKnown = true;
    };
    stop = next.state.subscribe(hear);
    run.set(next);
    hear();
  };

  engine.begin({ kind: 'catalogue' }, (news) => {
    if (news.kind === 'catalogue') catalogue.set(news.entries);
  });
  return {
    engine,
    answers,
    createWorker,
    catalogue,
    run,
    player,
    beat: new Beat(() => player.playing.value.isPlaying),
    screen: new Store<ScreenId>(screen),
    parameters: new Store(parameters),
    start(request: RunRequest): Run {
      run.value?.abort();
      const next = new Run(engine, request, true);
      follow(next, (stretch) => player.rewind(stretch, true));
      return next;
    },
    show(next: Run): void {
      follow(next, (stretch) => player.cover(stretch));
    },
  };
}
