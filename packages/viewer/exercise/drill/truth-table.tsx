/** Every cluster as it is. */
import type { ClusterTruth } from '../../src/drill/drill-messages.ts';
import { countOf, shareOf } from '../watch/time.ts';

/** A row for each cluster. */
export function TruthTable({ clusters }: { readonly clusters: readonly ClusterTruth[] }) {
  return (
    <table class="truth-table">
      <thead>
        <tr>
          <th scope="col">cluster</th>
          <th scope="col">traffic</th>
          <th scope="col">API servers</th>
          <th scope="col">CPU</th>
          <th scope="col">memory</th>
          <th scope="col">not ready</th>
          <th scope="col">names fail</th>
          <th scope="col">agents</th>
          <th scope="col">state</th>
        </tr>
      </thead>
      <tbody>
        {clusters.map((cluster) => (
          <tr key={cluster.id}>
            <th scope="row">{cluster.id}</th>
            <td>{shareOf(cluster.weight)}</td>
            <td class={cluster.serversUp < cluster.servers ? 'firing' : ''}>
              {cluster.serversUp} of {cluster.servers}
            </td>
            <td class={cluster.cpu > 0.95 ? 'firing' : ''}>{shareOf(cluster.cpu)}</td>
            <td class={cluster.memory > 0.95 ? 'firing' : ''}>{shareOf(cluster.memory)}</td>
            <td class={cluster.nodesNotReady > 0 ? 'firing' : ''}>
              {countOf(cluster.nodesNotReady)} of {countOf(cluster.nodes)}
            </td>
            <td class={cluster.nameFailureShare >= 0.01 ? 'firing' : ''}>{shareOf(cluster.nameFailureShare)}</td>
            <td>{countOf(cluster.agentsRunning)}</td>
            <td>{stateOf(cluster)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function stateOf({ isRolledOut, isTakenBack, isBlocked, isSeen }: ClusterTruth): string {
  const words = [
    isTakenBack ? 'change taken back' : isRolledOut ? 'changed' : 'not changed yet',
    ...(isBlocked ? ['API blocked'] : []),
    ...(isSeen ? [] : ['monitoring blind']),
  ];
  return words.join(', ');
}
