/** Mitigation: an old answer instead of none while the source of names is away. */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { isShorter } from './stated.ts';

/** The DNS tier goes on answering with records past their TTL while the API does not answer. */
export const serveStaleDns: Mitigation = defineMitigation({
  id: 'serve-stale-dns',
  theme: 'dns',
  title: 'DNS serves stale records',
  what: 'A record whose TTL has run out is still answered while the API cannot refresh it (RFC 8767).',
  costs: 'Addresses that moved during the failure are answered wrongly until the API is back.',
  leavesOut:
    'The control plane fails as before, and operators stay locked out; names never looked up before still fail.',
  parameters: {
    window: { kind: 'duration', default: '24 h', description: 'how long after its TTL a record is answered, at least' },
  },
  apply(draft, { window }) {
    const { registry } = draft.dns;
    if (registry !== null && isShorter(registry.serveStale ?? '0 s', window)) registry.serveStale = window;
  },
});
