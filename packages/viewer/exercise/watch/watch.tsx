/** The screen "Watch": the living picture, the time below it, and charts. */
import { useMemo, useState } from 'preact/hooks';
import type { RunInfo } from '../engine/protocol.ts';
import type { Run } from '../engine/run.ts';
import { useExercise } from '../exercise-context.ts';
import { useSelected, useStore } from '../store.ts';
import { useReducedMotion } from '../use-reduced-motion.ts';
import { Charts } from './charts.tsx';
import { Chooser } from './chooser.tsx';
import { largestCluster } from './layout.ts';
import { LegendBar } from './legend-bar.tsx';
import { PictureCanvas } from './picture-canvas.tsx';
import type { NodeView } from './read-picture.ts';
import { Timeline } from './timeline.tsx';
import { Position } from './position.tsx';
import { Transport } from './transport.tsx';

/** Chooses a run where there is none, or shows the one there is. */
export function Watch({ isDark }: { readonly isDark: boolean }) {
  const exercise = useExercise();
  const run = useStore(exercise.run);
  const [isChoosing, setChoosing] = useState(false);
  if (run === undefined || isChoosing) {
    return (
      <>
        {run !== undefined && (
          <p>
            <button type="button" onClick={() => setChoosing(false)}>
              back to the run
            </button>
          </p>
        )}
        <Chooser onStart={() => setChoosing(false)} />
      </>
    );
  }
  return <WatchedRun run={run} isDark={isDark} chooseAnother={() => setChoosing(true)} />;
}

interface WatchedRunProps {
  readonly run: Run;
  readonly isDark: boolean;
  readonly chooseAnother: () => void;
}

function WatchedRun({ run, isDark, chooseAnother }: WatchedRunProps) {
  const info = useSelected(run.state, (state) => state.info);
  const problems = useSelected(run.state, (state) => state.problems);
  if (problems.length > 0) {
    return (
      <section class="chooser" role="alert">
        <h2>This cannot be run</h2>
        <p class="problem">{problems.join('\n')}</p>
        <p>
          <button type="button" onClick={chooseAnother}>
            choose another
          </button>
        </p>
      </section>
    );
  }
  if (info === undefined) return <p class="placeholder">reading the document ...</p>;
  return (
    <Shown key={info.documentHash + info.seed} run={run} info={info} isDark={isDark} chooseAnother={chooseAnother} />
  );
}

function Shown({ run, info, isDark, chooseAnother }: WatchedRunProps & { readonly info: RunInfo }) {
  const isStill = useReducedMotion();
  const [front, setFront] = useState(() => largestCluster(info));
  const [nodeView, setNodeView] = useState<NodeView>('worst');
  const look = useMemo(() => ({ isDark, nodeView, front, isStill }), [isDark, nodeView, front, isStill]);
  return (
    <div class="watch">
      <PictureCanvas run={run} info={info} look={look} bringToFront={setFront} />
      <LegendBar isDark={isDark} view={nodeView} setView={setNodeView} />
      <Transport run={run} info={info} chooseAnother={chooseAnother} />
      <Position info={info} />
      <Timeline run={run} info={info} />
      <Charts run={run} info={info} isDark={isDark} />
    </div>
  );
}
