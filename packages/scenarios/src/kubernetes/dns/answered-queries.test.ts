import { expect, it } from 'vitest';
import { AnsweredQueries } from './answered-queries.ts';
import { Answer } from './core-dns-answers.ts';

it('queries that come as a rate are all counted, and only names of the zone are denied or fail', () => {
  const answered = new AnsweredQueries();
  answered.book({ queries: 100, inZone: 0.9, denied: 0.2, failing: 0.5 });
  // 90 in the zone, of which 45 fail; of the other 45 a fifth does not exist.
  expect({ ...answered }).toEqual({ NOERROR: 46, NXDOMAIN: 9, SERVFAIL: 45 });
  answered.count(0);
  answered.count(Answer.denied);
  answered.count(Answer.failed);
  expect({ ...answered }).toEqual({ NOERROR: 47, NXDOMAIN: 10, SERVFAIL: 46 });
  answered.clear();
  expect({ ...answered }).toEqual({ NOERROR: 0, NXDOMAIN: 0, SERVFAIL: 0 });
});
