/** What a trainee is told before it begins; can be folded away. */
import type { Briefing as Told } from '@brownout/scenarios';
import { countOf } from '../watch/time.ts';

/** Folded up by default once it has been read: the browser remembers nothing of it. */
export function Briefing({ briefing }: { readonly briefing: Told }) {
  const { title, text, tasks, clusters, products } = briefing;
  return (
    <details class="briefing" open>
      <summary>
        <strong>{title}</strong> <span class="note">{text}</span>
      </summary>
      <ul>
        {tasks.map((task) => (
          <li key={task}>{task}</li>
        ))}
      </ul>
      <p class="note">
        Clusters:{' '}
        {clusters
          .map(({ id, nodes, role }) => `${id} (${countOf(nodes)} nodes${role === 'staging' ? ', staging' : ''})`)
          .join(', ')}
        . Products: {products.map((one) => one.title).join(', ')}.
      </p>
    </details>
  );
}
