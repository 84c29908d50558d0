/** A person's or a pipeline's own requests to a cluster: one at a time, waited for by a process. */
import { type Duration, Signal } from '@brownout/core';
import type { Cluster } from '../kubernetes/cluster.ts';
import { ClientGroup } from '../kubernetes/client/client-group.ts';
import { type Identity } from '../kubernetes/flow-control/identity.ts';

/** Who calls, from where, and for how long it waits. */
export interface ApiCallerOptions {
  readonly name: string;
  readonly identity: Identity;
  readonly timeout: Duration;
  /** True when the caller reaches the API past a network block, from the control plane's own network. */
  readonly isInside: boolean;
  /** True when the caller uses the break-glass server, where there is one: out of band, so no block in front of the others cuts it. */
  readonly usesBreakGlass: boolean;
}

/** Sends one request at a time to one cluster. */
export class ApiCaller {
  readonly #cluster: Cluster;
  readonly #group: ClientGroup;
  readonly #number: number;
  #answered: Signal<number> | undefined;

  constructor(cluster: Cluster, options: ApiCallerOptions) {
    this.#cluster = cluster;
    const { breakGlassServer } = cluster.controlPlane;
    const isOutOfBand = options.usesBreakGlass && breakGlassServer >= 0;
    this.#group = new ClientGroup({
      name: options.name,
      describe: () => ({
        ...options.identity,
        verb: 'patch',
        apiGroup: 'apps',
        resource: 'daemonsets',
        namespace: 'default',
      }),
      timeout: options.timeout,
      clients: 1,
      isInside: options.isInside || isOutOfBand,
      countsForAvailability: true,
      onReply: (_client, status) => this.#reply(status),
    });
    if (isOutOfBand) this.#group.pinnedServer = breakGlassServer;
    this.#number = cluster.join(this.#group);
  }

  /** Whether a request is on its way. */
  get isBusy(): boolean {
    return this.#answered !== undefined;
  }

  /** Sends a request on a new connection, as a command-line tool does; the signal fires with its status. Any operation of the cluster. */
  call(operation: string): Signal<number> {
    if (this.#answered !== undefined) throw new RangeError(`caller "${this.#group.name}": one request at a time`);
    const answered = new Signal<number>(`${this.#group.name} answered`);
    this.#answered = answered;
    this.#group.disconnect(0);
    this.#cluster.controlPlane.send(this.#number, 0, this.#cluster.operations.number(operation));
    return answered;
  }

  #reply(status: number): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.fire(status);
  }
}
