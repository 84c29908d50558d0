import { expect, it } from 'vitest';
import { DocumentError } from '../scenario/document-error.ts';
import { combine, readImport } from './evidence.ts';

/** Bad files, each with a part of what is said about it. Every message begins with the name of the file. */

const list = (kind: string, ...items: readonly unknown[]): string =>
  JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', items });
const node = (status: unknown, name: unknown = 'a'): unknown => ({ metadata: { name }, status });
const event = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    auditID: 'x',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/pods?limit=500',
    verb: 'list',
    user: { username: 'somebody' },
    userAgent: 'agent/v1',
    objectRef: { resource: 'pods' },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: '2026-11-23T10:54:22.444829Z',
    stageTimestamp: '2026-11-23T10:54:22.445128Z',
    ...changes,
  });
const answer = (data: unknown, status: unknown = 'success'): string => JSON.stringify({ status, data });
const schema = (spec: unknown): string =>
  JSON.stringify({ kind: 'FlowSchema', apiVersion: 'x', metadata: { name: 'mine' }, spec });
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const files: readonly (readonly [name: string, text: string, message: string | RegExp])[] = [
  ['empty', '', 'the file is empty; expected JSON from kubectl'],
  ['blank', ' \n\n', 'the file is empty'],
  ['binary', 'PK\u0003\u0004\u0000\u0000', 'expected text, got a binary file (offset 2)'],
  ['prose', 'hello, this is my cluster', '1:1: the kind of this file cannot be told'],
  ['list.json', '[{"kind": "Node"}]', 'expected an object, got a list'],
  ['cut.json', '{"kind": "NodeList", "items": [{"metadata": {"na', /cut\.json:1:\d+: malformed JSON/],
  ['comma.json', '{"kind": "NodeList",}', /comma\.json:1:\d+: malformed JSON/],
  ['trailing.json', '{"kind": "NodeList", "items": []} more', /trailing\.json:1:\d+: malformed JSON/],
  ['deep.json', deep(50_000), 'nested deeper than 100 levels'],
  ['proto.json', '{"kind": "NodeList", "items": [], "__proto__": {"a": 1}}', 'the key "__proto__" is not allowed'],
  [
    'below.json',
    '{"kind": "NodeList", "items": [{"metadata": {"__proto__": 1}}]}',
    'the key "__proto__" is not allowed',
  ],
  ['nothing.json', '{}', 'kind: expected a name, got nothing'],
  ['number.json', '{"kind": 5}', 'kind: expected a name, got 5'],
  [
    'secrets.json',
    list('Secret', { metadata: { name: 'a' }, data: { p: 'aHVudGVyMg==' } }),
    /expected Node.* got Secret/,
  ],
  ['deployments.json', list('Deployment', { metadata: { name: 'a' } }), /expected Node, Pod.* got Deployment/],
  [
    'mixed.json',
    JSON.stringify({ kind: 'List', items: [{ metadata: {} }] }),
    'items[0].kind: expected a name, got nothing',
  ],
  ['nolist.json', '{"kind": "PodList", "apiVersion": "v1"}', 'items: expected a list, got nothing'],
  ['items.json', '{"kind": "PodList", "items": {"0": 1}}', 'items: expected a list, got an object'],
  ['text.json', '{"kind": "PodList", "items": ["a"]}', 'items[0].metadata.name: expected a name, got nothing'],
  ['noname.json', list('Node', node({}, null)), 'items[0].metadata.name: expected a name, got null'],
  ['long.json', list('Node', node({}, 'x'.repeat(5_000))), 'expected a name of at most 1000 characters'],
  ['twice.json', list('Node', node({}), node({})), 'items[1].metadata.name: expected every object once, got "a"'],
  ['cpu.json', list('Node', node({ capacity: { cpu: 'many' } })), 'items[0].status.capacity.cpu: expected an amount'],
  ['huge.json', list('Node', node({ capacity: { cpu: 1e300 } })), 'capacity.cpu: expected a number from 0 to'],
  [
    'digits.json',
    list('Node', node({ capacity: { memory: `${'9'.repeat(400)}Ki` } })),
    'capacity.memory: expected an amount',
  ],
  ['minus.json', list('Node', node({ capacity: { memory: -1 } })), 'capacity.memory: expected a number from 0'],
  ['schema.json', schema({ priorityLevelConfiguration: {} }), 'spec.priorityLevelConfiguration.name'],
  [
    'precedence.json',
    schema({ priorityLevelConfiguration: { name: 'a' }, matchingPrecedence: 1e9 }),
    'spec.matchingPrecedence',
  ],
  ['nospec.json', schema(undefined), 'nospec.json: spec: '],
  ['error.json', answer(null, 'error'), 'status: expected "success", got "error"'],
  ['scalar.json', answer({ resultType: 'scalar', result: [1, '2'] }), 'data.resultType: expected "matrix" or "vector"'],
  ['noseries.json', answer({ resultType: 'matrix', result: [] }), 'data.result: expected at least one series'],
  [
    'noverb.json',
    answer({ resultType: 'matrix', result: [{ metric: {}, values: [[1, '1']] }] }),
    'metric.verb: expected a name',
  ],
  [
    'nan.json',
    answer({ resultType: 'matrix', result: [{ metric: { verb: 'LIST' }, values: [[1, 'NaN']] }] }),
    'expected a rate per second',
  ],
  [
    'nopoints.json',
    answer({ resultType: 'matrix', result: [{ metric: { verb: 'LIST' }, values: [] }] }),
    'values: expected at least one point',
  ],
  ['cut.txt', '# TYPE up gauge\nup{job="a"} 1\nup{job="b', 'the last line is not ended: the page was cut'],
  ['comments.txt', '# TYPE up gauge\n# HELP up is it\n', 'expected samples, got comments only'],
  ['value.txt', '# TYPE up gauge\nup one\n', 'value.txt:2:1: up: expected a number'],
  ['labels.txt', '# TYPE up gauge\nup{job=a} 1\n', 'labels.txt:2:1: up: expected labels such as'],
  ['quote.txt', '# TYPE up gauge\nup{job="a"b"} 1\n', 'quote.txt:2:1: up: expected labels'],
  ['label-twice.txt', '# TYPE up gauge\nup{a="1",a="2"} 1\n', 'the label "a" stands twice'],
  [
    'series.txt',
    '# TYPE g gauge\nprocess_cpu_seconds_total 1\nprocess_cpu_seconds_total 2\n',
    'series.txt:3:1: process_cpu_seconds_total: the same series stands twice',
  ],
  ['infinite.txt', '# TYPE g gauge\nprocess_cpu_seconds_total +Inf\n', 'expected a number from 0 to 1e18, got +Inf'],
  ['negative.txt', '# TYPE g gauge\nprocess_cpu_seconds_total -1\n', 'expected a number from 0 to 1e18, got -1'],
  ['html.txt', '# TYPE g gauge\n<html>Unauthorized</html>\n', 'html.txt:2:1: expected a sample'],
  ['wide.txt', `# TYPE g gauge\nup{a="${'x'.repeat(30_000)}"} 1\n`, 'expected at most 20000 characters in a line'],
  ['cut.log', `${event()}\n${event({ auditID: 'y' }).slice(0, 90)}`, /cut\.log:2:\d+: malformed JSON/],
  ['kind.log', `${event()}\n{"kind": "Pod"}`, 'kind.log:2:1 kind: expected an audit event'],
  ['time.log', event({ stageTimestamp: 'yesterday' }), 'time.log:1:1 stageTimestamp: expected a time such as'],
  ['before.log', event({ stageTimestamp: '2020-01-01T00:00:00Z' }), 'stageTimestamp: expected a time not before'],
  ['user.log', event({ user: {} }), 'user.username: expected a name, got nothing'],
  ['uri.log', event({ requestURI: 'pods' }), 'requestURI: expected a path such as /api/v1/pods'],
  ['limit.log', event({ requestURI: '/api/v1/pods?limit=all' }), 'requestURI: expected a limit that is a number'],
  ['stage.log', event({ stage: 'RequestReceived' }), 'expected events of stage ResponseComplete, got none'],
  ['deep.log', event({ requestObject: JSON.parse(deep(200)) as unknown }), 'nested deeper than 100 levels'],
  [
    'flags.txt',
    'kube-apiserver --max-requests-inflight=400 --max-requests-inflight=800',
    'flags.txt:1:1: --max-requests-inflight stands twice with different values',
  ],
  [
    'stray.txt',
    'kube-apiserver --max-requests-inflight=400\nand some prose, password hunter2',
    'stray.txt:2:1: expected a flag such as',
  ],
  ['quoted.txt', 'kube-apiserver --feature-gates="WatchList=true', 'quoted.txt:1:1: a quotation mark is not closed'],
  ['none.txt', 'kube-apiserver \n', 'expected flags such as --max-requests-inflight=400, got none'],
];

it.each(files)('%s is refused', (name, text, message) => {
  let said = 'accepted';
  try {
    readImport({ name, text });
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    said = (error as Error).message;
  }
  expect(said.startsWith(name)).toBe(true);
  if (typeof message === 'string') expect(said).toContain(message);
  else expect(said).toMatch(message);
  expect(said.length).toBeLessThan(1_000);
  expect(said).not.toMatch(/hunter2|aHVudGVyMg/);
  expect(({} as Record<string, unknown>)['a']).toBeUndefined();
});

it('has at least forty of them', () => expect(files.length).toBeGreaterThanOrEqual(40));

it('the same thing from two files is refused, and so is a third scrape', () => {
  const nodes = (name: string) => readImport({ name, text: list('Node', node({})) });
  expect(() => combine([nodes('a.json'), nodes('b.json')])).toThrow('b.json: nodes: a.json has them already');
  const page = (name: string, count: number) =>
    readImport({
      name,
      text: `# TYPE a b\napiserver_request_duration_seconds_count{verb="GET",resource="pods"} ${count}\n`,
    });
  expect(() => combine([page('a', 1), page('b', 2), page('c', 3)])).toThrow('c: a third scrape');
  expect(() => combine([page('a', 1), page('b', 1)])).toThrow('the same page twice?');
  expect(() => combine([page('a', 1), page('b', 2)])).toThrow('state it with --seconds');
});
