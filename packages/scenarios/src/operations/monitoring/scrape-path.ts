/**
 * The way from monitoring to what it watches in one cluster. Monitoring that stands on its own always gets through. Monitoring
 * that finds its targets through the cluster's DNS needs one name for a scrape; monitoring that goes through the cluster's API
 * sends one request for a scrape, and waits for it like everybody else.
 */
import { type Duration, type Simulation, type Stream } from '@brownout/core';
import { ClientGroup } from '../../kubernetes/client/client-group.ts';
import { serviceAccountIdentity } from '../../kubernetes/flow-control/identity.ts';
import { Status } from '../../kubernetes/requests/api-request.ts';
import { operationNumber } from '../../kubernetes/requests/operation.ts';
import type { Site } from '../site.ts';

/** What monitoring needs of the cluster that it watches. */
export type SharedFate = 'none' | 'dns' | 'api';

/** Tries to reach one cluster; `onDone` tells whether that worked, at once or after a while. */
export interface ScrapePath {
  scrape(): void;
}

/** The path that monitoring of this kind has. */
export function createScrapePath(
  simulation: Simulation,
  site: Site,
  options: { readonly sharesFate: SharedFate; readonly scrapeTimeout: Duration },
  onDone: (isReached: boolean) => void,
): ScrapePath {
  switch (options.sharesFate) {
    case 'none':
      return { scrape: () => onDone(true) };
    case 'dns':
      return new NamePath(simulation.streams.get(`monitoring/${site.id}/names`), site, onDone);
    case 'api':
      return new ApiPath(site, options.scrapeTimeout, onDone);
  }
}

class NamePath implements ScrapePath {
  readonly #stream: Stream;
  readonly #site: Site;
  readonly #onDone: (isReached: boolean) => void;

  constructor(stream: Stream, site: Site, onDone: (isReached: boolean) => void) {
    this.#stream = stream;
    this.#site = site;
    this.#onDone = onDone;
  }

  scrape(): void {
    this.#onDone(this.#stream.uniform() >= this.#site.cluster.nameFailureShare(1));
  }
}

const GET = operationNumber('get');

class ApiPath implements ScrapePath {
  readonly #site: Site;
  readonly #group: number;
  #isWaiting = false;

  constructor(site: Site, timeout: Duration, onDone: (isReached: boolean) => void) {
    this.#site = site;
    this.#group = site.cluster.join(
      new ClientGroup({
        name: 'monitoring',
        describe: () => ({
          ...serviceAccountIdentity({ namespace: 'monitoring', name: 'prometheus' }),
          verb: 'get',
          resource: 'pods',
          namespace: 'monitoring',
        }),
        timeout,
        clients: 1,
        isInside: false,
        countsForAvailability: false,
        onReply: (_client, status) => {
          this.#isWaiting = false;
          onDone(status === Status.ok);
        },
      }),
    );
  }

  /** A scrape that is still under way when the next is due takes its place. */
  scrape(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#site.cluster.controlPlane.send(this.#group, 0, GET);
  }
}
