/** What the colours of nodes and dots mean, what nodes are coloured by, and which alerts fire. */
import type { RunInfo } from '../engine/protocol.ts';
import type { Run } from '../engine/run.ts';
import { useExercise } from '../exercise-context.ts';
import { usePlayhead } from '../use-playhead.ts';
import { paletteOf, type NodeLook } from './palette.ts';
import { alertsOf, type NodeView } from './read-picture.ts';

const looks: Readonly<Record<NodeView, readonly (readonly [look: NodeLook, what: string])[]>> = {
  worst: [
    ['plain', 'well'],
    ['agent', 'with the agent'],
    ['stale', 'names past their time'],
    ['late', 'lease late'],
    ['notReady', 'lease expired'],
    ['failing', 'names fail'],
  ],
  leases: [
    ['plain', 'lease fresh'],
    ['agent', 'fresh, with the agent'],
    ['late', 'late'],
    ['notReady', 'expired'],
  ],
  names: [
    ['plain', 'names resolve'],
    ['stale', 'past their time'],
    ['failing', 'fail'],
  ],
};

interface LegendBarProps {
  readonly run: Run;
  readonly info: RunInfo;
  readonly isDark: boolean;
  readonly view: NodeView;
  readonly setView: (view: NodeView) => void;
}

/** One line. */
export function LegendBar({ run, info, isDark, view, setView }: LegendBarProps) {
  const palette = paletteOf(isDark);
  return (
    <div class="legend-bar">
      <label>
        nodes by{' '}
        <select value={view} onChange={(event) => setView(event.currentTarget.value as NodeView)}>
          <option value="worst">the worst of it</option>
          <option value="leases">lease</option>
          <option value="names">names</option>
        </select>
      </label>
      {looks[view].map(([look, what]) => (
        <span key={look}>
          <span class="colour" style={{ background: palette.node[look] }} />
          {what}
        </span>
      ))}
      <span>
        <span class="colour round" style={{ background: palette.good }} />
        request
      </span>
      <span>
        <span class="colour round" style={{ background: palette.bad }} />
        turned away
      </span>
      <span>
        <span class="colour round" style={{ background: 'none', borderColor: palette.warn, borderWidth: '2px' }} />
        no answer
      </span>
      <Firing run={run} info={info} />
    </div>
  );
}

function Firing({ run, info }: { readonly run: Run; readonly info: RunInfo }) {
  const { player } = useExercise();
  const t = usePlayhead(player, 4);
  const frame = run.frameAt(t);
  const alerts = frame === undefined ? [] : alertsOf(frame, info.layout);
  const text = alerts.length === 0 ? 'no alert fires' : `firing: ${alerts.join(', ')}`;
  return (
    <span class={`push ${alerts.length > 0 ? 'firing' : 'note'}`} title={text}>
      {text}
    </span>
  );
}
