/** The exercise page: an engine in a worker, and screens that show what it does. */
import { render } from 'preact';
import { App } from './app.tsx';
import { createExercise } from './create-exercise.ts';
import EngineInWorker from './engine/worker.ts?worker&inline';
import { readAddress } from './screens.ts';
import './exercise.css';

const root = document.getElementById('exercise');
const { screen, parameters } = readAddress(location.hash);
const exercise = createExercise(() => new EngineInWorker({ name: 'brownout engine' }), screen, parameters);
if (root !== null) render(<App exercise={exercise} />, root);

// For measurements from outside: how long the last beats kept the page busy, in milliseconds, and up to when there are frames.
Object.assign(globalThis, {
  brownoutBeats: () => exercise.beat.take(),
  brownoutComputed: () => exercise.run.value?.state.value.until ?? -Infinity,
});
