/** What is done to the API servers and to the network in front of them. */
import { delay, type Duration, minutes, seconds, type Wait } from '@brownout/core';
import type { ApiServer } from '../../kubernetes/api-server/api-server.ts';
import { type LetThrough, whoPasses } from '../../kubernetes/connections/network-block.ts';
import type { ResizeManner, RestartManner } from './playbook.ts';
import type { Effect, Scene } from './scene.ts';

/** How often somebody looks whether a server has ended or is ready (assumed). */
const LOOK: Duration = seconds(5);
/** So long somebody waits for one server before going on to the next (assumed; a shutdown alone may take a minute). */
const PATIENCE: Duration = minutes(10);

/** The network drops packets to the API servers. */
export function* block({ target, note }: Scene, asked: LetThrough | undefined): Effect {
  const { cluster } = target.site;
  const letThrough = whoPasses(asked, cluster.options);
  cluster.blockAdminApi(letThrough);
  note('action', `admin API blocked at the network${letThrough === 'system' ? ' for all but system clients' : ''}`);
  return true;
}

/** Nothing to do where operators have blocked nothing. */
export function* unblock({ target, note }: Scene): Effect {
  const { cluster } = target.site;
  if (!cluster.controlPlane.isBlockedBy('operators')) return true;
  cluster.unblockAdminApi();
  note('action', 'block of the admin API lifted');
  return true;
}

/** Larger machines for the API servers. */
export function* scaleUp(scene: Scene, factor: number, manner: ResizeManner): Effect {
  const resize = (server: ApiServer): void => {
    server.resize(server.cpu.cores * factor, server.memoryLimitBytes * factor);
  };
  const { balanced } = scene.target.site.cluster.controlPlane;
  if (manner === 'in-place') balanced.forEach(resize);
  else yield* replaceAll(balanced, manner, resize);
  scene.note('action', `API servers replaced by machines ${factor} times as large`);
  return true;
}

/** More API servers; false when there is no machine for any of them. */
export function* scaleOut({ target, note }: Scene, replicas: number): Effect {
  const { controlPlane } = target.site.cluster;
  let added = 0;
  while (added < replicas && controlPlane.addServer()) added++;
  if (added === 0) return false;
  note('action', `${added} more API server${added === 1 ? '' : 's'} started`);
  return true;
}

/** Every process is ended and started again; one that waits out its crash back-off starts at once. */
export function* restart(scene: Scene, manner: RestartManner): Effect {
  const { balanced } = scene.target.site.cluster.controlPlane;
  scene.note('action', `API servers are restarted, ${manner === 'rolling' ? 'one after the other' : 'all at once'}`);
  yield* replaceAll(balanced, manner, (server) => server.resize(server.cpu.cores, server.memoryLimitBytes));
  return true;
}

function* replaceAll(
  servers: readonly ApiServer[],
  manner: RestartManner,
  change: (server: ApiServer) => void,
): Generator<Duration | Wait, void, number> {
  // Whoever joins meanwhile is new already.
  const present = [...servers];
  const batches = manner === 'rolling' ? present.map((server) => [server]) : [present];
  for (const batch of batches) {
    const living = batch.filter((server) => server.isReady);
    const lives = living.map((server) => server.life);
    for (const server of batch) if (!server.isReady) change(server);
    for (const server of living) server.terminate();
    yield* waitUntil(() => living.every((server, i) => !server.isReady || server.life !== lives[i]));
    for (const server of living) change(server);
    yield* waitUntil(() => batch.every((server) => server.isReady));
  }
}

function* waitUntil(isSo: () => boolean): Generator<Duration | Wait, void, number> {
  for (let waited = 0; !isSo() && waited < PATIENCE; waited += LOOK) yield delay(LOOK);
}
