import { type Duration, ms, seconds } from '@brownout/core';
import { expect, test } from 'vitest';
import { createFlowControlConfiguration } from './configuration.ts';
import { serviceAccountIdentity } from './identity.ts';
import { defaultPriorityLevels, type PriorityLevel } from './priority-level.ts';
import type { LevelReadings } from './seat-pool.ts';
import { bootstrap, Replica } from './testing/replica.ts';

const agent = bootstrap.classify({
  ...serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' }),
  verb: 'list',
  resource: 'pods',
});

test('a killed process forgets requests, seats, limits and advice, calls nobody and keeps its counters', () => {
  const replica = new Replica();
  replica.submit(0, 400);
  replica.control.submit(500, agent.level, agent.flow, 1);
  replica.runTo(seconds(12));
  const level = replica.level('workload-low');
  const counted = { submitted: level.submitted, dispatched: level.dispatched };
  const calls = replica.executed.length + replica.rejected.length;
  replica.control.clear();
  expect(level).toMatchObject({
    ...counted,
    limit: 56,
    seatsInUse: 0,
    requestsExecuting: 0,
    requestsWaiting: 0,
    seatsWaiting: 0,
  });
  replica.runTo(seconds(120));
  expect(replica.executed.length + replica.rejected.length).toBe(calls);
  replica.submit(0, 56);
  expect(replica.executed).toHaveLength(counted.dispatched + 56);
  expectConserved(level);
});

test('a killed process does not give back seats held for watch events before its death', () => {
  const replica = new Replica();
  replica.control.submit(0, agent.level, agent.flow, 1, 10, ms(250));
  replica.control.finish(0);
  replica.control.clear();
  replica.control.submit(1, agent.level, agent.flow, 3);
  replica.runTo(seconds(1));
  expect(replica.level('workload-low').seatsInUse).toBe(3);
});

test('a request that borrowing lets in may kill the process: the new one starts with its own limits', () => {
  const replica = new Replica();
  for (let request = 0; request <= 299; request++) replica.control.submit(request, agent.level, agent.flow, 1);
  replica.onExecute = (request) => {
    if (request === 200) replica.control.clear();
  };
  replica.runTo(seconds(10));
  expect(replica.executed.at(-1)).toBe(200);
  expect(replica.control.levels.map((level) => level.limit)).toEqual([Infinity, 170, 117, 58, 114, 56, 56, 30]);
  expect(replica.level('workload-low')).toMatchObject({ seatsInUse: 0, requestsWaiting: 0, requestsExecuting: 0 });
  replica.onExecute = () => {};
  replica.control.submit(0, agent.level, agent.flow, 1);
  expect(replica.level('workload-low').seatsInUse).toBe(1);
});

test('a level for the agent alone takes effect when the configuration changes', () => {
  const replica = new Replica();
  replica.submit(0, 99);
  const narrow: PriorityLevel = {
    name: 'telemetry',
    type: 'Limited',
    nominalConcurrencyShares: 1,
    lendablePercent: 0,
    borrowingLimitPercent: 0,
    limitResponse: { type: 'Queue', queuing: { queues: 4, handSize: 1, queueLengthLimit: 5 } },
  };
  const rules = [
    {
      subjects: [{ kind: 'ServiceAccount', namespace: 'telemetry', name: 'agent' } as const],
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }],
    },
  ];
  const configuration = createFlowControlConfiguration(
    {
      priorityLevels: [...defaultPriorityLevels, narrow],
      flowSchemas: [
        ...bootstrap.flowSchemas,
        { name: 'telemetry', matchingPrecedence: 1_000, priorityLevel: 'telemetry', rules },
      ],
    },
    bootstrap,
  );
  replica.control.reconfigure(configuration);
  expect(configuration.levelNumber('workload-low')).toBe(bootstrap.levelNumber('workload-low'));
  expect(replica.level('telemetry').limit).toBe(3);
  const moved = configuration.classify({
    ...serviceAccountIdentity({ namespace: 'telemetry', name: 'agent' }),
    verb: 'list',
    resource: 'pods',
  });
  expect(configuration.priorityLevels[moved.level]!.name).toBe('telemetry');
  for (let request = 200; request < 220; request++) replica.control.submit(request, moved.level, moved.flow, 1);
  expect(replica.level('telemetry')).toMatchObject({ seatsInUse: 3, requestsWaiting: 5 });
  // Those that waited in the old level still do.
  expect(replica.level('workload-low').requestsWaiting + replica.level('workload-low').requestsExecuting).toBe(100);
});

test('a level that is no longer wanted drains', () => {
  const replica = new Replica(bootstrap, { waitShare: 1 });
  replica.submit(0, 99);
  const fewer = createFlowControlConfiguration(
    {
      priorityLevels: defaultPriorityLevels.filter((level) => level.name !== 'workload-low'),
      flowSchemas: bootstrap.flowSchemas.filter((schema) => schema.priorityLevel !== 'workload-low'),
    },
    bootstrap,
  );
  replica.control.reconfigure(fewer);
  for (let request = replica.executed.shift(); request !== undefined; request = replica.executed.shift()) {
    replica.control.finish(request);
    replica.runTo((replica.simulation.now + seconds(0.2)) as Duration);
  }
  expect(replica.level('workload-low')).toMatchObject({ seatsInUse: 0, requestsWaiting: 0, finished: 100 });
});

test('two runs with the same steps read the same', () => {
  const run = (): unknown => {
    const replica = new Replica();
    for (let step = 0; step < 200; step++) {
      replica.submit(step * 10, step * 10 + 9);
      replica.runTo(((step + 1) * 37_003) as Duration);
      for (const request of replica.executed.splice(0)) replica.control.finish(request);
    }
    return [replica.rejected, replica.control.levels.map((level) => [level.limit, level.dispatched, level.seatsInUse])];
  };
  expect(run()).toEqual(run());
});

function expectConserved(level: LevelReadings): void {
  const rejected = (['queue-full', 'time-out', 'concurrency-limit'] as const).map((reason) => level.rejected(reason));
  const inside = level.requestsExecuting + level.requestsWaiting;
  const left = level.finished + level.withdrawn + level.forgotten + rejected.reduce((sum, count) => sum + count, 0);
  expect(level.submitted).toBe(left + inside);
}
