/** What the colours of nodes and dots mean, and what nodes are coloured by. */
import { paletteOf, type NodeLook } from './palette.ts';
import type { NodeView } from './read-picture.ts';

const looks: Readonly<Record<NodeView, readonly (readonly [look: NodeLook, what: string])[]>> = {
  worst: [
    ['plain', 'well'],
    ['agent', 'with the agent'],
    ['stale', 'names stale'],
    ['late', 'lease late'],
    ['failing', 'some names fail'],
    ['notReady', 'lease expired'],
    ['mostFailing', 'most names fail'],
  ],
  leases: [
    ['plain', 'lease fresh'],
    ['agent', 'fresh, with the agent'],
    ['late', 'late'],
    ['notReady', 'expired'],
  ],
  names: [
    ['plain', 'names resolve'],
    ['stale', 'stale'],
    ['failing', 'some fail'],
    ['mostFailing', 'most fail'],
  ],
};

interface LegendBarProps {
  readonly isDark: boolean;
  readonly view: NodeView;
  readonly setView: (view: NodeView) => void;
}

/** One line. */
export function LegendBar({ isDark, view, setView }: LegendBarProps) {
  const palette = paletteOf(isDark);
  return (
    <div class="legend-bar">
      <label>
        nodes by{' '}
        <select value={view} onChange={(event) => setView(event.currentTarget.value as NodeView)}>
          <option value="worst">worst state</option>
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
    </div>
  );
}
