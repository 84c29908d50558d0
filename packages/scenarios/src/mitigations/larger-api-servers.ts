/** Mitigation: the same number of API servers on larger machines. */
import { formatBytes } from '../scenario/format.ts';
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { isSourced } from '../scenario/provenance.ts';
import { readBytes } from '../scenario/units.ts';

/** Cores and memory of all API servers, multiplied. */
export const largerApiServers: Mitigation = defineMitigation({
  id: 'larger-api-servers',
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
  const value = isSourced(stated) ? stated.value : stated;
  const amount = typeof value === 'string' ? Number(/^\s*([\d.]+)\s*cores?\s*$/.exec(value)?.[1]) : value;
  return typeof amount === 'number' && Number.isFinite(amount) ? amount * factor : stated;
}

function multipliedBytes(stated: unknown, factor: number): unknown {
  const value = isSourced(stated) ? stated.value : stated;
  const reading = typeof value === 'string' ? readBytes(value) : undefined;
  if (reading === undefined || reading.problem !== undefined) return stated;
  const bytes = Math.round(reading.value * factor);
  const short = formatBytes(bytes);
  return Math.round(readBytes(short).value ?? 0) === bytes ? short : `${bytes} B`;
}
