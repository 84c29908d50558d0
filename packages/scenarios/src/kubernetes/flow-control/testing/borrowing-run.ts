/**
 * Two levels of equal size, one with far more threads than seats and one with few, over the real ten-second adjustment.
 * Source: kubernetes/apiserver, tag kubernetes-1.36.3, pkg/util/flowcontrol/borrowing_test.go.
 */
import { type Instant, ms, seconds, Simulation } from '@brownout/core';
import { createFlowControlConfiguration } from '../configuration.ts';
import { createFlowControl } from '../flow-control.ts';
import type { FlowSchema } from '../flow-schema.ts';
import type { PriorityLevel } from '../priority-level.ts';

/** Lendable and borrowing percent of the busy level and of the calm one. */
export interface BorrowingCase {
  readonly name: string;
  readonly busy: { readonly lendable: number; readonly borrowing: number };
  readonly calm: { readonly lendable: number; readonly borrowing: number };
}

/** Both end with about 16 seats for the busy level and 6 for the calm one. */
export const borrowingCases: readonly BorrowingCase[] = [
  { name: 'limited by lending', busy: { lendable: 50, borrowing: 67 }, calm: { lendable: 33, borrowing: 50 } },
  { name: 'limited by borrowing', busy: { lendable: 50, borrowing: 33 }, calm: { lendable: 67, borrowing: 50 } },
];

const threads = [24, 6] as const;
const execution = ms(250);
const settling = 10_000_000;
const measured = 15_000_000;

/** Seats in execution of the busy and of the calm level, averaged over 15 s after the first 10 s. */
export function runBorrowing(given: BorrowingCase): readonly number[] {
  const simulation = new Simulation();
  const configuration = createFlowControlConfiguration({
    maxRequestsInflight: 24,
    maxMutatingRequestsInflight: 0,
    priorityLevels: [level('busy', given.busy), level('calm', given.calm)],
    flowSchemas: [schema('busy'), schema('calm')],
  });
  const clients = ['busy', 'calm'].map((user) =>
    configuration.classify({ user, groups: [], verb: 'get', path: '/work' }),
  );
  const area = [0, 0];
  const control = createFlowControl(simulation, {
    name: 'borrower',
    configuration,
    handlers: {
      onExecute: (thread) => {
        const start = Math.max(simulation.now, settling);
        const end = Math.min(simulation.now + execution, settling + measured);
        area[thread < threads[0] ? 0 : 1]! += Math.max(0, end - start);
        reply.after(execution, thread);
      },
      onReject: (thread) => call.after(ms(1), thread),
    },
  });
  const call = simulation.event('call', (thread) => {
    const client = clients[thread < threads[0] ? 0 : 1]!;
    control.submit(thread, client.level, client.flow, 1);
  });
  const reply = simulation.event(
    'reply',
    (thread) => {
      control.finish(thread);
      call.after(ms(0), thread);
    },
    'release',
  );
  for (let thread = 0; thread < threads[0] + threads[1]; thread++) call.after(ms(0), thread);
  simulation.runUntil((settling + measured + seconds(1)) as Instant);
  return area.map((seatTime) => seatTime / measured);
}

function level(name: string, share: { readonly lendable: number; readonly borrowing: number }): PriorityLevel {
  return {
    name,
    type: 'Limited',
    nominalConcurrencyShares: 100,
    lendablePercent: share.lendable,
    borrowingLimitPercent: share.borrowing,
    limitResponse: { type: 'Queue', queuing: { queues: 10, handSize: 2, queueLengthLimit: 10 } },
  };
}

function schema(name: string): FlowSchema {
  return {
    name,
    matchingPrecedence: 100,
    priorityLevel: name,
    distinguisherMethod: 'ByUser',
    rules: [{ subjects: [{ kind: 'User', name }], nonResourceRules: [{ verbs: ['*'], nonResourceUrls: ['*'] }] }],
  };
}
