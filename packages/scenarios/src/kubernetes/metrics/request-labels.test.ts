import { describe, expect, it } from 'vitest';
import type { RequestDescription } from '../flow-control/flow-schema.ts';
import { Status, statusNames } from '../requests/api-request.ts';
import { codeOf, requestKind, requestLabels } from './request-labels.ts';

const request = (of: Partial<RequestDescription>): RequestDescription => ({
  user: 'u',
  groups: [],
  verb: 'get',
  ...of,
});

/** Lines of a real scrape, each beside the request that made it. */
const seen: readonly (readonly [string, Partial<RequestDescription>])[] = [
  [
    'PUT coordination.k8s.io v1 leases  resource apiserver',
    { verb: 'update', apiGroup: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' },
  ],
  ['LIST  v1 nodes  cluster apiserver', { verb: 'list', resource: 'nodes' }],
  ['LIST  v1 configmaps  namespace apiserver', { verb: 'list', resource: 'configmaps', namespace: 'kube-system' }],
  ['PATCH  v1 nodes status resource apiserver', { verb: 'patch', resource: 'nodes', subresource: 'status' }],
  ['POST  v1 configmaps  resource apiserver', { verb: 'create', resource: 'configmaps', namespace: 'x' }],
  ['WATCH  v1 configmaps  namespace apiserver', { verb: 'watch', resource: 'configmaps', namespace: 'x' }],
  ['GET    /readyz  ', { path: '/readyz' }],
];

describe('labels of a request', () => {
  it.each(seen)('%s', (line, of) => expect(Object.values(requestLabels(request(of))).join(' ')).toBe(line));
});

it('reads and writes are counted apart', () => {
  expect(
    ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'].map((verb) => requestKind(request({ verb }))),
  ).toEqual([...Array<string>(3).fill('readOnly'), ...Array<string>(4).fill('mutating')]);
});

it('only what a server has answered has a code', () => {
  const codes = Object.fromEntries(statusNames.map((name, status) => [name, codeOf(status as Status)]));
  expect(codes).toMatchObject({
    ok: '200',
    'too-many-requests': '429',
    unauthorized: '401',
    forbidden: '403',
    'server-error': '500',
    'gateway-timeout': '504',
    'timed-out': '',
    refused: '',
    reset: '',
  });
  expect(codeOf(Status.ok, request({ verb: 'create' }))).toBe('201');
  expect(codeOf(Status.ok, request({ verb: 'create', subresource: 'binding' }))).toBe('200');
});
