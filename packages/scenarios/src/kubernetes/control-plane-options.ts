/** What a control plane is made of, and who is told what happens in it. */
import type { WebhookOptions } from './api-server/admission-webhooks.ts';
import type { ApiServer, ApiServerOptions, DeathReason } from './api-server/api-server.ts';
import type { RequestRouter } from './api-server/request-router.ts';
import type { BalancerOptions } from './connections/balancer.ts';
import type { DiallerOptions } from './connections/dialler.ts';
import type { ZoneOptions } from './connections/zones.ts';
import type { EtcdObserver, EtcdOptions } from './etcd/etcd.ts';
import type { WatchCacheOptions } from './watch-cache/options.ts';

/** Sizes and timings of a control plane. */
export interface ControlPlaneOptions extends BalancerOptions, ZoneOptions, DiallerOptions {
  readonly apiServers: number;
  readonly apiServer: ApiServerOptions;
  readonly etcd: EtcdOptions;
  /** Whether light requests may take the short way on idle servers (see express-lane.ts); default true. */
  readonly usesExpressLane?: boolean;
  /** One more API server outside the balancer, for those who are pinned to it; absent = none. */
  readonly breakGlass?: { readonly cores: number; readonly memoryLimitBytes: number };
  /** Machines that `addServer` can put behind the balancer while it runs; default none. */
  readonly spareApiServers?: number;
  /** Where a server's requests are served from once they have their seats; absent = as their operations declare. */
  readonly router?: (server: ApiServer) => RequestRouter;
  /** The watch caches and the watches on them; absent = reads take the path of their operation, and nobody watches. */
  readonly watchCache?: WatchCacheOptions;
  /** Admission webhooks; default none. */
  readonly webhooks?: readonly WebhookOptions[];
}

/** What happens in a control plane, for trace and report. */
export interface ControlPlaneObserver extends EtcdObserver {
  apiServerDied(server: number, reason: DeathReason, culprit: string): void;
  apiServerReady(server: number): void;
  /** It shuts down: /readyz is red, and it will take no more requests soon. */
  apiServerLeaving?(server: number): void;
}
