/** Mitigations in CoreDNS and in front of it. They need a document that names its profile: the plain CoreDNS never fails. */
import { defineMitigation, type Mitigation, type ScenarioDraft } from '../scenario/mitigation.ts';
import { bareOf, bytesOf, timeOf } from './stated.ts';

/** A cache on every node. */
export const nodeLocalDns: Mitigation = defineMitigation({
  id: 'node-local-dns',
  theme: 'dns',
  title: 'NodeLocal DNS cache',
  what: 'Every node has a cache that answers names it has seen, also past their TTL while CoreDNS does not answer, so an absence of CoreDNS is bridged for what is in use.',
  costs: 'One more DaemonSet, memory on every node, and addresses that may be wrong while CoreDNS is away.',
  leavesOut:
    'Names that a node has not asked for; a tier that reads the API in front of it (dns.registry). Without kubernetes.profile it changes nothing, for the plain CoreDNS never fails.',
  parameters: {
    stale: { kind: 'duration', default: '1 h', description: 'how long past its TTL an answer is given; 0 s = not' },
  },
  apply(draft, { stale }) {
    if (!hasCoreDns(draft)) return;
    const answersStale = timeOf(stale) !== 0;
    const { nodeLocalCache } = draft.dns;
    draft.dns.nodeLocalCache = {
      ...nodeLocalCache,
      ...(answersStale ? { serveStale: { ...nodeLocalCache?.serveStale, duration: stale } } : {}),
    };
  },
});

/** Room for the LISTs. */
export const coreDnsMemory: Mitigation = defineMitigation({
  id: 'core-dns-memory',
  theme: 'dns',
  title: 'Memory for CoreDNS',
  what: 'A CoreDNS that lost its watches lists everything again beside what it holds; with a larger limit it is not killed for that.',
  costs: 'Memory on the nodes that is used for minutes in a year.',
  leavesOut:
    'A CoreDNS that starts while the API is away has nothing to answer with, whatever its memory. Without kubernetes.profile it changes nothing.',
  parameters: {
    limit: { kind: 'text', default: '1 GiB', description: 'memory limit of a container, at least' },
  },
  apply(draft, { limit }) {
    const now = bytesOf(draft.dns.coreDns?.memoryLimit);
    const wanted = bytesOf(limit);
    const isLimited = now !== undefined || draft.dns.mechanisms?.relistMemory === true;
    if (!hasCoreDns(draft) || !isLimited || wanted === undefined || wanted < 1) return;
    if (now === undefined || now < wanted) draft.dns.coreDns = { ...draft.dns.coreDns, memoryLimit: limit };
  },
});

/** CoreDNS that a lost control plane cannot take from its Service. */
export const steadfastCoreDns: Mitigation = defineMitigation({
  id: 'steadfast-core-dns',
  theme: 'dns',
  title: 'CoreDNS that stays where it is',
  what: 'CoreDNS pods tolerate nodes that are not heard of, their Service keeps addresses that are marked not ready, they have cores of their own, and a block of the API lets them through.',
  costs: 'Pods on nodes that are truly gone go on getting queries; cores that agents and others may not use.',
  leavesOut:
    'What CoreDNS knows: it goes on answering, with what it heard last. Ordered restarts still lose even that.',
  parameters: {},
  apply({ dns }) {
    const { mechanisms } = dns;
    if (mechanisms === undefined) return;
    if (mechanisms.notReadyEndpoints === true) mechanisms.notReadyEndpoints = false;
    if (mechanisms.podEviction === true) mechanisms.podEviction = false;
    if ((mechanisms.sharedNode ?? null) !== null) mechanisms.sharedNode = null;
    mechanisms.blockedWatches = false;
  },
});

/** Whether the document has CoreDNS in detail. */
function hasCoreDns({ kubernetes }: ScenarioDraft): boolean {
  return bareOf(kubernetes.profile) !== undefined;
}
