/** Kubelets that leave in the middle of something and come back. A control plane that only writes down what it is sent. */
import { type Duration, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import type { ClientGroup } from '../../kubernetes/client/client-group.ts';
import type { ControlPlane } from '../../kubernetes/control-plane.ts';
import { Status } from '../../kubernetes/requests/api-request.ts';
import { advance } from '../../kubernetes/testing/bench.ts';
import type { LeasesSection } from './document.ts';
import { LeaseClients } from './lease-clients.ts';
import { ClientBook } from './phase-book.ts';

const [PUT, GET] = [1, 2];

function setUp(section: Partial<LeasesSection> = {}) {
  const simulation = new Simulation({ seed: 1 });
  const book = new ClientBook('nodes');
  const sent: { readonly operation: string; readonly isRepetition: boolean }[] = [];
  let group: ClientGroup | undefined;
  const controlPlane = {
    balanced: [{ index: 0, life: 1 }],
    join: (joining: ClientGroup) => ((group = joining), 0),
    send: (_group: number, _client: number, operation: number, _subject: number, isRepetition: boolean) =>
      sent.push({ operation: operation === GET ? 'GET' : 'PUT', isRepetition }),
  } as unknown as ControlPlane;
  const leases = new LeaseClients(
    {
      kind: 'leases',
      name: 'nodes',
      user: 'system:node:{n}',
      groups: [],
      count: 1,
      period: seconds(10),
      jitter: 0.04,
      timeout: seconds(10),
      firstConflicts: false,
      ...section,
    },
    { simulation, controlPlane, book, put: PUT!, get: GET! },
  );
  /** What is sent next, or nothing within a period. */
  const next = () => {
    advance(simulation, seconds(11));
    return sent.splice(0);
  };
  const leaveAndReturn = (): void => {
    leases.set(0);
    advance(simulation, seconds(1));
    leases.set(1);
  };
  leases.set(1);
  const answered = (status: Status): void => group!.onReply(0, status, 0);
  return { simulation, leases, answered, next, leaveAndReturn, offered: () => book.close(1).offered };
}

const fresh = [{ operation: 'PUT', isRepetition: false }];

describe('a node that leaves and returns', () => {
  it('between a conflict and the read that follows it begins with a PUT, which counts', () => {
    const { answered, next, leaveAndReturn, offered } = setUp({ firstConflicts: true, readsAfterConflict: true });
    expect(next()).toEqual(fresh);
    answered(Status.ok);
    leaveAndReturn();
    expect(next()).toEqual(fresh);
    expect(offered()).toBe(2);
  });

  it('between that read and the second PUT begins with a first PUT, which counts', () => {
    const { answered, next, leaveAndReturn, offered } = setUp({ firstConflicts: true, readsAfterConflict: true });
    next();
    answered(Status.ok);
    expect(next()).toMatchObject([{ operation: 'GET' }]);
    answered(Status.ok);
    leaveAndReturn();
    expect(next()).toEqual(fresh);
    expect(offered()).toBe(2);
  });

  it('after failures has none: its first PUT is no repetition', () => {
    const { answered, next, leaveAndReturn, offered } = setUp();
    next();
    answered(Status.refused);
    leaveAndReturn();
    expect(next()).toEqual(fresh);
    expect(offered()).toBe(2);
  });

  it('before its last answer goes on with that', () => {
    const { simulation, answered, next, leaveAndReturn, offered } = setUp();
    next();
    leaveAndReturn();
    expect(next()).toEqual([]);
    answered(Status.refused);
    advance(simulation, seconds(1) as Duration);
    expect(offered()).toBe(1);
  });
});
