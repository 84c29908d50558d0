/** How many requests are inside each API server at an instant, found by walking the table of requests once. */
import type { ControlPlane } from '../control-plane.ts';
import { Phase } from '../requests/api-request.ts';
import { requestKind } from './request-labels.ts';

/** Requests of one FlowSchema inside one server. */
export interface FlowCounts {
  readonly level: string;
  readonly schema: string;
  executing: number;
  executingSeats: number;
  waiting: number;
  waitingSeats: number;
}

/** Requests inside one server, by kind and by FlowSchema. */
export interface InsideCounts {
  readonly executing: Record<'readOnly' | 'mutating', number>;
  readonly waiting: Record<'readOnly' | 'mutating', number>;
  readonly flows: Map<string, FlowCounts>;
}

const waitingPhases: ReadonlySet<number> = new Set([Phase.queued]);
const executingPhases: ReadonlySet<number> = new Set([
  Phase.reading,
  Phase.computing,
  Phase.writing,
  Phase.express,
  Phase.expressWriting,
  Phase.awaitingCache,
  Phase.reviewing,
  Phase.admitting,
  Phase.sending,
  Phase.replying,
]);

/** Walks the table of requests once for all servers. */
export function countInside(controlPlane: ControlPlane): readonly InsideCounts[] {
  const { requests, groups, operations, servers } = controlPlane;
  const { configuration } = servers[0]!.flowControl;
  const counts = servers.map(
    (): InsideCounts => ({
      executing: { readOnly: 0, mutating: 0 },
      waiting: { readOnly: 0, mutating: 0 },
      flows: new Map(),
    }),
  );
  requests.forEachOpen((request) => {
    const phase = requests.phase[request]!;
    const isWaiting = waitingPhases.has(phase);
    const group = groups[requests.group[request]!];
    const own = counts[requests.server[request]!];
    if (own === undefined || group === undefined || requests.client[request]! < 0) return;
    if (!isWaiting && !executingPhases.has(phase)) return;
    const description = group.describe(requests.client[request]!);
    own[isWaiting ? 'waiting' : 'executing'][requestKind(description)]++;
    const { schema, level } = configuration.classify(description);
    if (schema < 0 || level < 0) return;
    const flow = flowCounts(own, configuration.priorityLevels[level]!.name, configuration.flowSchemas[schema]!.name);
    const seats = Math.min(
      operations.seats[requests.operation[request]!]!,
      configuration.seats[level]!.requestSeatLimit,
    );
    flow[isWaiting ? 'waiting' : 'executing']++;
    flow[isWaiting ? 'waitingSeats' : 'executingSeats'] += seats;
  });
  return counts;
}

function flowCounts({ flows }: InsideCounts, level: string, schema: string): FlowCounts {
  const key = `${level} ${schema}`;
  const found = flows.get(key) ?? { level, schema, executing: 0, executingSeats: 0, waiting: 0, waitingSeats: 0 };
  flows.set(key, found);
  return found;
}
