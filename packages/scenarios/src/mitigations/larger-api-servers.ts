/** Mitigation: the same number of API servers on larger machines. */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { bytesOf, coresOf, writtenBytes } from './stated.ts';

/** Cores and memory of all API servers, multiplied. */
export const largerApiServers: Mitigation = defineMitigation({
  id: 'larger-api-servers',
  theme: 'control plane',
  title: 'Larger API servers',
  what: 'Every API server has more cores and more memory from the start, so the load at which it drowns is higher.',
  costs: 'Money for machines that are idle on every other day.',
  leavesOut:
    'The load of a LIST that every node sends grows with the square of the cluster, the machine only by its factor; etcd stays as it is.',
  parameters: {
    factor: { kind: 'number', default: 2, description: 'cores and memory, as a multiple' },
  },
  apply(draft, { factor }) {
    for (const { apiServers } of draft.clusters) {
      apiServers.cores = multipliedCores(apiServers.cores, factor) as typeof apiServers.cores;
      apiServers.memory = multipliedBytes(apiServers.memory, factor) as typeof apiServers.memory;
    }
  },
});

/** What cannot be read stays as it is: checking the document will say what is wrong with it. */
function multipliedCores(stated: unknown, factor: number): unknown {
  const amount = coresOf(stated);
  return amount === undefined ? stated : amount * factor;
}

function multipliedBytes(stated: unknown, factor: number): unknown {
  const bytes = bytesOf(stated);
  return bytes === undefined ? stated : writtenBytes(bytes * factor);
}
