/** What a facilitator may break, in words for people. */
import type { FacilitatorCommand } from '../../src/drill/drill-messages.ts';

type Fault = Extract<FacilitatorCommand, { readonly kind: 'fault' }>['fault'];

/** One of the list. */
export interface FaultChoice {
  readonly id: string;
  readonly title: string;
  /** As a document has it, but for its times and places. */
  readonly fault: Fault;
}

const usual: readonly FaultChoice[] = [
  { id: 'network-partition', title: 'Packets to the API servers are dropped', fault: { kind: 'network-partition' } },
  { id: 'api-server-crash', title: 'The machine of an API server crashes', fault: { kind: 'api-server-crash' } },
  { id: 'zone-loss', title: 'A failure zone is lost', fault: { kind: 'zone-loss' } },
  { id: 'etcd-slow-disk', title: 'Disks of etcd are ten times slower', fault: { kind: 'etcd-slow-disk', factor: 10 } },
  {
    id: 'balancer-refuses',
    title: 'The balancer turns a tenth of requests away',
    fault: { kind: 'balancer-refuses', share: 0.1 },
  },
  {
    id: 'names-unresolvable',
    title: 'A tenth of requests need a name that nobody answers',
    fault: { kind: 'names-unresolvable', share: 0.1, lookupTimeout: '5 s' },
  },
];

/** What may break in a document with these admission webhooks. */
export function faultChoices(webhooks: readonly string[]): readonly FaultChoice[] {
  return [
    ...usual,
    ...webhooks.flatMap((webhook): FaultChoice[] => [
      {
        id: `webhook-silent/${webhook}`,
        title: `Webhook ${webhook} does not answer`,
        fault: { kind: 'webhook-down', webhook },
      },
      {
        id: `webhook-refusing/${webhook}`,
        title: `Webhook ${webhook} refuses connections`,
        fault: { kind: 'webhook-down', webhook, backend: 'refusing' },
      },
    ]),
  ];
}
