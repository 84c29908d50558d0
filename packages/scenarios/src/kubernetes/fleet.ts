/**
 * The API servers of one control plane: those behind the balancer, one for break-glass access if there is one, and machines
 * that are kept for more. A spare machine has no process; put into service, it starts one like any machine that comes up:
 * start time, cold caches filled from etcd, then health checks until the balancer sends it connections.
 *
 *   servers: [ balanced from the beginning | break-glass | spares ]      balanced grows as spares are put into service
 */
import type { Simulation } from '@brownout/core';
import { ApiServer } from './api-server/api-server.ts';
import type { ControlPlaneOptions } from './control-plane-options.ts';

type ServerParts = ConstructorParameters<typeof ApiServer>[4];

/** See above. */
export class Fleet {
  /** All machines, by the index of their server. */
  readonly servers: readonly ApiServer[];
  /** Index of the break-glass server, -1 when there is none. */
  readonly breakGlassServer: number;
  readonly #balanced: ApiServer[];
  readonly #spares: ApiServer[];

  constructor(
    simulation: Simulation,
    name: string,
    options: ControlPlaneOptions,
    partsOf: (name: string) => ServerParts,
  ) {
    const { apiServers, apiServer, breakGlass, spareApiServers = 0 } = options;
    const sizes = Array.from({ length: apiServers }, () => apiServer);
    if (breakGlass !== undefined) sizes.push({ ...apiServer, ...breakGlass });
    const inService = sizes.length;
    for (let i = 0; i < spareApiServers; i++) sizes.push(apiServer);
    this.servers = sizes.map((size, index) => {
      const ownName = `${name}/api-server-${index}`;
      return new ApiServer(simulation, ownName, index, size, partsOf(ownName));
    });
    this.breakGlassServer = breakGlass === undefined ? -1 : apiServers;
    this.#balanced = this.servers.slice(0, apiServers);
    this.#spares = this.servers.slice(inService);
  }

  /** The servers behind the balancer: the same array for the whole run, longer after `add`. */
  get balanced(): readonly ApiServer[] {
    return this.#balanced;
  }

  /** No process runs on the spares; called once everything is wired. */
  withholdSpares(): void {
    for (const server of this.#spares) server.withhold();
  }

  /** Puts one more machine into service. Returns its server, which starts now; undefined when none is left. */
  add(): ApiServer | undefined {
    const server = this.#spares.shift();
    if (server === undefined) return undefined;
    this.#balanced.push(server);
    server.release();
    return server;
  }
}
