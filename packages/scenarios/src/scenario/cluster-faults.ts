/**
 * What faults do to clusters: to the machines of API servers, the disks of etcd, what answers for webhooks, and the network.
 * Faults may overlap. A machine is back when the last one that keeps it away is over; of settings that differ the worst one
 * is in force: the slower disk, the silence over the refusal, the partition that lets nobody pass.
 */
import type { WebhookBackend } from '../kubernetes/api-server/admission-webhooks.ts';
import { type LetThrough, whoPasses } from '../kubernetes/connections/network-block.ts';
import type { Fault } from '../operations/faults.ts';
import { Overlaps } from '../operations/overlaps.ts';
import type { Site } from '../operations/site.ts';
import type { Scenario } from './document.ts';
import { type TimedFaultSection, zoneName } from './sections/faults.ts';

/** What is done, to which clusters, and how it is taken back. */
type Change = Pick<Fault, 'sites' | 'begin' | 'end'>;

/** A fault that is not one of requests alone. */
export type ClusterFaultSection = Exclude<TimedFaultSection, { kind: 'balancer-refuses' | 'names-unresolvable' }>;

type FaultOf<Kind> = Extract<TimedFaultSection, { kind: Kind }>;

/** All faults of one world. */
export class ClusterFaults {
  readonly #scenario: Scenario;
  /** By API server: machines that are gone. */
  readonly #machines: Overlaps<'gone'> = new Overlaps(() => false);
  /** By cluster and zone. */
  readonly #zones: Overlaps<'gone'> = new Overlaps(() => false);
  /** By etcd member: how many times as long an fsync takes. */
  readonly #disks: Overlaps<number> = new Overlaps((one, other) => one > other);
  /** By cluster and webhook: a call to a silent one fails as well, and later. */
  readonly #webhooks: Overlaps<WebhookBackend> = new Overlaps((one) => one === 'silent');
  /** By cluster. */
  readonly #networks: Overlaps<LetThrough> = new Overlaps((one) => one === 'nobody');

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** The change that a fault makes to `sites`. */
  changeOf(fault: ClusterFaultSection, sites: readonly Site[]): Change {
    switch (fault.kind) {
      case 'api-server-crash':
        return this.#crash(fault, sites);
      case 'zone-loss':
        return this.#lossOfZone(fault, sites);
      case 'etcd-slow-disk':
        return this.#slowDisks(fault, sites);
      case 'webhook-down':
        return this.#webhookDown(fault, sites);
      case 'network-partition':
        return this.#partition(fault, sites);
    }
  }

  #crash({ servers: count = 1 }: FaultOf<'api-server-crash'>, sites: readonly Site[]): Change {
    const machines = sites.flatMap((site) =>
      site.cluster.controlPlane.balanced.slice(0, count).map((server) => ({ server, name: machineName(site, server) })),
    );
    return {
      sites,
      begin: () => {
        for (const { server, name } of machines) {
          const isThere = !this.#machines.lasts(name);
          this.#machines.begin(name, 'gone');
          if (!isThere) continue;
          server.loseMachine();
          server.connectionsTimeOut();
        }
      },
      end: () => {
        for (const { server, name } of machines)
          if (this.#machines.end(name, 'gone') === undefined) server.returnMachine();
      },
    };
  }

  /** Clusters that have nobody in the zone are not hit. */
  #lossOfZone({ zone: number = 1 }: FaultOf<'zone-loss'>, sites: readonly Site[]): Change {
    const hit = sites.filter(({ id }) => {
      const { replicas, zones = 1 } = this.#scenario.clusters.find((one) => one.id === id)!.apiServers;
      return number <= Math.min(zones, replicas);
    });
    const zone = zoneName(number);
    return {
      sites: hit,
      begin: () => {
        for (const site of hit) {
          const { zones } = site.cluster.controlPlane;
          if (!this.#zones.lasts(`${site.id}/${zone}`)) zones.fail(zone);
          this.#zones.begin(`${site.id}/${zone}`, 'gone');
          for (const server of zones.serversIn(zone)) this.#machines.begin(machineName(site, server), 'gone');
        }
      },
      end: () => {
        for (const site of hit) {
          const { zones } = site.cluster.controlPlane;
          const servers = zones.serversIn(zone);
          for (const server of servers) this.#machines.end(machineName(site, server), 'gone');
          if (this.#zones.end(`${site.id}/${zone}`, 'gone') !== undefined) continue;
          const crashed = servers.filter((server) => this.#machines.lasts(machineName(site, server)));
          zones.restore(
            zone,
            crashed.map(({ index }) => index),
          );
        }
      },
    };
  }

  #slowDisks({ factor, members = Infinity }: FaultOf<'etcd-slow-disk'>, sites: readonly Site[]): Change {
    const forDisks = (setting: (disk: string) => number | undefined): void => {
      for (const { id, cluster } of sites) {
        const { etcd } = cluster.controlPlane;
        const count = Math.min(members, etcd.members.length);
        for (let member = 0; member < count; member++) etcd.slowDisk(member, setting(`${id}/${member}`) ?? 1);
      }
    };
    return {
      sites,
      begin: () => forDisks((disk) => this.#disks.begin(disk, factor)),
      end: () => forDisks((disk) => this.#disks.end(disk, factor)),
    };
  }

  #webhookDown({ webhook, backend = 'silent' }: FaultOf<'webhook-down'>, sites: readonly Site[]): Change {
    const forWebhooks = (setting: (name: string) => WebhookBackend | undefined): void => {
      for (const { id, cluster } of sites)
        cluster.controlPlane.webhooks?.setBackend(webhook, setting(`${id}/${webhook}`) ?? 'up');
    };
    return {
      sites,
      begin: () => forWebhooks((name) => this.#webhooks.begin(name, backend)),
      end: () => forWebhooks((name) => this.#webhooks.end(name, backend)),
    };
  }

  #partition({ letThrough }: FaultOf<'network-partition'>, sites: readonly Site[]): Change {
    const passing = ({ cluster }: Site): LetThrough => whoPasses(letThrough, cluster.options);
    return {
      sites,
      begin: () => {
        for (const site of sites) {
          const inForce = this.#networks.begin(site.id, passing(site));
          site.cluster.blockAdminApi(inForce, 'fault');
        }
      },
      end: () => {
        for (const site of sites) {
          const inForce = this.#networks.end(site.id, passing(site));
          if (inForce === undefined) site.cluster.unblockAdminApi('fault');
          else site.cluster.blockAdminApi(inForce, 'fault');
        }
      },
    };
  }
}

function machineName(site: Site, server: { readonly index: number }): string {
  return `${site.id}/${server.index}`;
}
