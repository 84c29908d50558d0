/** Mitigations in name resolution other than stale answers: records that live longer, and names that need no API. */
import { defineMitigation, type Mitigation } from '../scenario/mitigation.ts';
import { isShorter } from './stated.ts';

/** A longer TTL for the records of the DNS tier. */
export const longerDnsTtl: Mitigation = defineMitigation({
  id: 'longer-dns-ttl',
  theme: 'dns',
  title: 'Longer DNS TTL',
  what: 'Records of the DNS tier live longer, so fewer of them run out while the control plane is down, and the tier asks the API less often.',
  costs: 'Every change of an address takes that much longer to be seen, on every day of the year.',
  leavesOut: 'It delays the failure of names and does not prevent it; it also delays the sign that something is wrong.',
  parameters: {
    ttl: { kind: 'duration', default: '2 h', description: 'time to live of a record, at least' },
  },
  apply(draft, { ttl }) {
    const { registry } = draft.dns;
    if (registry !== null && isShorter(registry.ttl, ttl)) registry.ttl = ttl;
  },
});

/** No tier that asks the API. */
export const decoupledDns: Mitigation = defineMitigation({
  id: 'decoupled-dns',
  theme: 'dns',
  title: 'DNS decoupled from the control plane',
  what: 'Applications ask CoreDNS directly, which answers from memory and goes on doing so when the API is lost.',
  costs: 'Whatever the tier was built for is gone; CoreDNS has to carry all lookups.',
  leavesOut:
    'The control plane fails as before; a CoreDNS that restarts meanwhile cannot sync: `dns.mechanisms.coreDnsRestarts` shows that, where a profile is named.',
  parameters: {},
  apply(draft) {
    draft.dns.registry = null;
  },
});
