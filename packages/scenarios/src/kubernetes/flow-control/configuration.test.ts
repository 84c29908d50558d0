import { expect, test } from 'vitest';
import { createFlowControlConfiguration } from './configuration.ts';
import { serviceAccountIdentity } from './identity.ts';
import { defaultPriorityLevels, type LimitedPriorityLevel, type PriorityLevel } from './priority-level.ts';

const own: LimitedPriorityLevel = {
  name: 'own',
  type: 'Limited',
  nominalConcurrencyShares: 10,
  lendablePercent: 0,
  limitResponse: { type: 'Queue', queuing: { queues: 8, handSize: 2, queueLengthLimit: 50 } },
};
const withLevel = (level: PriorityLevel): (() => unknown) => {
  return () => createFlowControlConfiguration({ priorityLevels: [...defaultPriorityLevels, level] });
};

test('the two mandatory levels and schemas are there whatever is configured', () => {
  const configuration = createFlowControlConfiguration({ priorityLevels: [own], flowSchemas: [] });
  expect(configuration.priorityLevels.map((level) => level.name)).toEqual(['own', 'exempt', 'catch-all']);
  expect(configuration.flowSchemas.map((schema) => schema.name)).toEqual(['exempt', 'catch-all']);
});

test('the flags add up to the seats that are divided', () => {
  const configuration = createFlowControlConfiguration({
    maxRequestsInflight: 1_600,
    maxMutatingRequestsInflight: 400,
  });
  const seats = configuration.seats[configuration.levelNumber('workload-low')]!;
  expect(seats.nominal).toBe(Math.ceil((2_000 * 100) / 245));
});

test('every mistake is refused with its place', () => {
  const queuing = { queues: 8, handSize: 9, queueLengthLimit: 50 };
  expect(withLevel({ ...own, limitResponse: { type: 'Queue', queuing } })).toThrow(
    'priority level "own": handSize must be in 1..8, the number of queues, got 9',
  );
  expect(
    withLevel({ ...own, limitResponse: { type: 'Queue', queuing: { ...queuing, handSize: 2, queueLengthLimit: 0 } } }),
  ).toThrow('priority level "own": queueLengthLimit must be >= 1, got 0');
  expect(withLevel({ ...own, lendablePercent: 101 })).toThrow(
    'priority level "own": lendablePercent must be a whole number in 0..100, got 101',
  );
  expect(withLevel({ ...own, nominalConcurrencyShares: -1 })).toThrow(
    'priority level "own": nominalConcurrencyShares must be a whole number >= 0, got -1',
  );
  expect(withLevel({ ...own, borrowingLimitPercent: -1 })).toThrow(
    'priority level "own": borrowingLimitPercent must be a whole number >= 0, got -1',
  );
  expect(withLevel({ ...own, name: 'exempt' })).toThrow('flow control: priority level "exempt" is given twice');
  expect(withLevel({ ...own, name: 'system' })).toThrow('flow control: priority level "system" is given twice');
  expect(withLevel({ name: 'free', type: 'Exempt', nominalConcurrencyShares: 0, lendablePercent: 0 })).toThrow(
    'priority level "free": the level "exempt", and no other, has type Exempt, got type Exempt',
  );
  expect(() => createFlowControlConfiguration({ maxRequestsInflight: -1 })).toThrow(
    'flow control: maxRequestsInflight must be a whole number >= 0, got -1',
  );
  expect(() => createFlowControlConfiguration({ maxRequestsInflight: 0, maxMutatingRequestsInflight: 0 })).toThrow(
    'flow control: maxRequestsInflight + maxMutatingRequestsInflight must be > 0, got 0',
  );
});

test('a schema or a name that leads nowhere is refused with the names there are', () => {
  const schema = { name: 'lost', matchingPrecedence: 5, priorityLevel: 'nowhere', rules: [] };
  const names = 'expected one of own, exempt, catch-all';
  expect(() => createFlowControlConfiguration({ priorityLevels: [own], flowSchemas: [schema] })).toThrow(
    `flow schema "lost": no priority level "nowhere"; ${names}`,
  );
  const configuration = createFlowControlConfiguration({ priorityLevels: [own], flowSchemas: [] });
  expect(() => configuration.levelNumber('system')).toThrow(`flow control: no priority level "system"; ${names}`);
});

test('a level cannot change between queueing and rejecting while it is in use', () => {
  const before = createFlowControlConfiguration({ priorityLevels: [...defaultPriorityLevels, own] });
  const rejecting: PriorityLevel = { ...own, limitResponse: { type: 'Reject' } };
  expect(() =>
    createFlowControlConfiguration({ priorityLevels: [...defaultPriorityLevels, rejecting] }, before),
  ).toThrow('priority level "own": cannot change from Queue to Reject while the API server runs');
});

test('levels and flows keep their numbers in the next configuration', () => {
  const before = createFlowControlConfiguration();
  const accounts = Array.from({ length: 20 }, (_, i) => ({
    ...serviceAccountIdentity({ namespace: 'shop', name: `s${i}` }),
    verb: 'list',
    resource: 'pods',
  }));
  const classified = accounts.map((account) => before.classify(account));
  const levels = [own, ...defaultPriorityLevels.toReversed()].map((level) =>
    level.name === 'workload-low'
      ? {
          ...level,
          limitResponse: { type: 'Queue' as const, queuing: { queues: 16, handSize: 4, queueLengthLimit: 9 } },
        }
      : level,
  ) as PriorityLevel[];
  const after = createFlowControlConfiguration({ priorityLevels: levels }, before);
  expect(after.priorityLevels.slice(0, 8).map((level) => level.name)).toEqual(
    defaultPriorityLevels.map((level) => level.name),
  );
  expect(after.priorityLevels[8]!.name).toBe('own');
  expect(accounts.map((account) => after.classify(account))).toEqual(classified);
  expect(after.flows[classified[0]!.level]!.queues).toBe(16);
});
