/** Mitigations in the machines and releases of the control plane, besides their size (larger-api-servers.ts). */
import { flagNamed } from '../kubernetes/profiles/catalogue.ts';
import { defaultOf } from '../kubernetes/profiles/flag.ts';
import { profileNamed, type ProfileName } from '../kubernetes/profiles/release.ts';
import { defineMitigation, type Mitigation, type ScenarioDraft } from '../scenario/mitigation.ts';
import { isManaged } from './flow-control.ts';
import { numberOf } from './stated.ts';

/** More of them. */
export const moreApiServers: Mitigation = defineMitigation({
  id: 'more-api-servers',
  theme: 'control plane',
  title: 'More API servers',
  what: 'Each cluster has more API servers behind its balancer, so the same requests find more cores and more memory, and one that dies leaves fewer connections to the others.',
  costs:
    'Machines that are idle on every other day; each holds a whole watch cache and asks etcd for it when it starts.',
  leavesOut:
    'The memory of one server, which a handful of large answers fills however many servers there are: then more of them die. The one etcd that all share. Connections stick, so a server that comes late gets nobody.',
  parameters: {
    replicas: { kind: 'count', default: 10, description: 'API servers of each cluster, at least' },
  },
  apply({ clusters }, { replicas }) {
    for (const { apiServers } of clusters) {
      const now = numberOf(apiServers.replicas);
      if (now !== undefined && now < replicas) apiServers.replicas = Math.min(50, replicas);
    }
  },
});

/** Not all in one place. */
export const zoneSpread: Mitigation = defineMitigation({
  id: 'zone-spread',
  theme: 'control plane',
  title: 'API servers over failure zones',
  what: 'The API servers of each cluster are dealt out to several failure zones, so that the loss of one (fault zone-loss) leaves the others.',
  costs: 'Traffic between zones, and what it costs in time and money.',
  leavesOut:
    'Load, which does not care where a server stands: without a zone that is lost it changes nothing. When one is lost, its clients move to the rest, who need the room. Etcd and CoreDNS: a zone-loss takes API servers only, and the nodes of a document with a profile lie in three zones as it is.',
  parameters: {
    zones: { kind: 'count', default: 3, description: 'failure zones, at least; no more than there are servers' },
  },
  apply({ clusters }, { zones }) {
    for (const { apiServers } of clusters) {
      const wanted = Math.min(Math.max(1, zones), 50, numberOf(apiServers.replicas) ?? 1);
      if ((numberOf(apiServers.zones ?? 1) ?? wanted) < wanted) apiServers.zones = wanted;
    }
  },
});

/** A release with more of upstream's own mitigations. */
export const newerKubernetes: Mitigation = defineMitigation({
  id: 'newer-kubernetes',
  theme: 'control plane',
  title: 'Newer Kubernetes',
  what: 'The control plane is of a release of 2026: lists without a version are answered from the watch cache, informers stream instead of listing, cold caches refuse instead of drowning etcd, and wide lists take seats by their size.',
  costs: 'The upgrade, of every cluster, with its own risk.',
  leavesOut:
    'Costs of requests stay as the document has them; flags that the release has no more, and feature gates, are dropped. A document without a profile runs on plain parts: compare it with kubernetes.profile 2024, or the difference is also that of the parts.',
  parameters: {
    profile: {
      kind: 'choice',
      default: 'current',
      options: ['1.34', '1.35', '1.36', 'current'],
      description: 'release or family',
    },
  },
  apply({ kubernetes }, { profile }) {
    if (isManaged(kubernetes)) return;
    kubernetes.profile = profile as ProfileName;
    // Batches of heartbeats leave no history, which the parts of a profile read.
    if (kubernetes.heartbeats === 'aggregated') delete kubernetes.heartbeats;
    dropUnknownFlags(kubernetes, profile as ProfileName);
  },
});

/** Flags that the release has no more would be refused, as upstream's own command would refuse them; so would old gates. */
function dropUnknownFlags(kubernetes: ScenarioDraft['kubernetes'], profile: ProfileName): void {
  const { release } = profileNamed(profile);
  for (const [component, flags] of Object.entries(kubernetes.flags ?? {})) {
    for (const name of Object.keys(flags ?? {})) {
      const flag = flagNamed(component as Parameters<typeof flagNamed>[0], name);
      const isKnown = flag !== undefined && defaultOf(flag, release) !== undefined;
      if (!isKnown || name === 'feature-gates') delete (flags as Record<string, unknown>)[name];
    }
  }
}
