/** `kubernetes.nodeWatches`: every watch of a node a request of its own, when nothing happens and when a server dies. */
import { minutes, plus, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { ClientGroup } from '../kubernetes/client/client-group.ts';
import { Cluster } from '../kubernetes/cluster.ts';
import { serviceAccountIdentity } from '../kubernetes/flow-control/identity.ts';
import type { NodeWatchKind } from '../kubernetes/nodes/node-watch-kinds.ts';
import { Status } from '../kubernetes/requests/api-request.ts';
import { clusterOptions } from './build-cluster.ts';
import { DocumentError } from './document-error.ts';
import { parseScenario } from './parse.ts';

const nothing = (): void => {};
/** Watches of a kubelet, that of its pods included, and of kube-proxy. */
const OF_KUBELET = 7;
const OF_PROXY = 3;

function createCluster(nodes: number, nodeWatches: NodeWatchKind, profile: '1.30' | 'current' = '1.30') {
  const { kubernetes, ...document } = smallScenario({ nodes });
  const scenario = parseScenario({ ...document, kubernetes: { ...kubernetes, profile, nodeWatches } }, 'test');
  const large = { ...scenario.clusters[1]!, nodes, apiServers: { replicas: 2, cores: 8, memory: 64e9 } };
  const simulation = new Simulation({ seed: 3 });
  const cluster = new Cluster(simulation, clusterOptions(scenario, large), {
    apiServerDied: nothing,
    apiServerReady: nothing,
    etcdMemberKilled: nothing,
    etcdMemberBack: nothing,
    nameFailed: nothing,
  });
  const { controlPlane } = cluster;
  const isOf = (process: string, name: string): boolean =>
    name.startsWith(process) && name !== 'kubelet-lease' && name !== 'kubelet-status' && name !== 'kubelet-lease-get';
  const sum = (process: string, status: number): number =>
    controlPlane.groups
      .filter(({ name }) => isOf(process, name))
      .reduce((total, { ended }) => total + ended[status]!, 0);
  let dials = 0;
  controlPlane.troubleObserver = {
    attemptFailed: nothing,
    dialled: (group, _client, server) => {
      const { name } = controlPlane.groups[group]!;
      if (server >= 0 && (isOf('kubelet-', name) || isOf('kube-proxy-', name))) dials++;
    },
  };
  return {
    simulation,
    cluster,
    controlPlane,
    answered: (process: string) => sum(process, Status.ok),
    refused: (process: string) => sum(process, Status.tooManyRequests),
    dials: () => dials,
    /** Nodes whose kubelet watches its pods over a connection to a server. */
    watchesAt: (server: number) => {
      const group = controlPlane.groups.find(({ name }) => name === 'kubelet-pods-watch')!;
      return group.connectedTo(server, controlPlane.servers[server]!.life);
    },
    /** The server is known to be gone before it goes: whoever comes back finds the other one. */
    kill: () => {
      controlPlane.balancer.setInRotation(0, false);
      controlPlane.servers[0]!.kill('liveness');
    },
    advance: (time: number) => void simulation.runUntil(plus(simulation.now, time as never)),
  };
}

describe('a quiet hour quarter', () => {
  it.each([
    ['pods', 1, 0],
    ['kubelet', OF_KUBELET, 0],
    ['kubelet-and-proxy', OF_KUBELET, OF_PROXY],
  ] as const)('%s: each watch is opened again by itself every 5 to 10 min', (kind, ofKubelet, ofProxy) => {
    const { advance, answered, refused, dials, controlPlane } = createCluster(60, kind);
    advance(minutes(15));
    // Timeouts are uniform from 5 to 10 min, so 15 min have two of them or three, at most; never none.
    for (const [process, watches] of [
      ['kubelet-', ofKubelet],
      ['kube-proxy-', ofProxy],
    ] as const) {
      expect(answered(process)).toBeGreaterThanOrEqual(60 * watches);
      expect(answered(process)).toBeLessThanOrEqual(60 * watches * 3);
      expect(refused(process)).toBe(0);
    }
    // A stream keeps its connection, and the next WATCH goes out as soon as it has ended.
    expect(dials()).toBe(0);
    controlPlane.checkBooks();
  });
});

describe('a server of two dies with the watches of half of the nodes', () => {
  it('every stream on it is one request to the other, over one new connection for each process', () => {
    const { advance, kill, answered, dials, controlPlane } = createCluster(60, 'kubelet-and-proxy');
    advance(seconds(30));
    const before = [answered('kubelet-'), answered('kube-proxy-')];
    kill();
    advance(seconds(10));
    // 30 nodes were connected to it. Of 600 streams about one ends by itself each second.
    const [kubelets, proxies] = [answered('kubelet-') - before[0]!, answered('kube-proxy-') - before[1]!];
    expect(kubelets).toBeGreaterThanOrEqual(30 * OF_KUBELET);
    expect(kubelets).toBeLessThan(30 * OF_KUBELET + 25);
    expect(proxies).toBeGreaterThanOrEqual(30 * OF_PROXY);
    expect(proxies).toBeLessThan(30 * OF_PROXY + 15);
    expect(dials()).toBe(2 * 30);
    controlPlane.checkBooks();
  });

  it.each(['pods', 'kubelet-and-proxy'] as const)(
    '%s: when it is back, watches stay where they are, for streams that end keep their connection',
    (kind) => {
      const { advance, kill, dials, watchesAt, controlPlane } = createCluster(60, kind);
      advance(seconds(30));
      kill();
      advance(minutes(1));
      const afterwards = dials();
      controlPlane.balancer.setInRotation(0, true);
      // Every stream ends once in 10 min, and the WATCH after it could go to either server if it had to dial.
      advance(minutes(11));
      expect(controlPlane.servers[0]!.isReady).toBe(true);
      expect(dials()).toBe(afterwards);
      expect([watchesAt(0), watchesAt(1)]).toEqual([0, 60]);
    },
  );

  it('kube-proxy is one flow on all nodes and overflows its queues; kubelets are a flow each and fit', () => {
    const { advance, kill, refused, cluster, controlPlane } = createCluster(800, 'kubelet-and-proxy');
    advance(seconds(30));
    kill();
    // 400 proxies with three WATCHes each come at once. A flow may have 6 queues of 50 full, and its level the seats it has
    // borrowed at most, 114 (section 4.3 of the facts): 1,200 - 300 - 114 are turned away, those with a dial to make later.
    // 400 kubelets have seven each, 2,800 in 64 queues of 50, each in the shortest of six: they fit.
    advance(seconds(0.5));
    expect(refused('kube-proxy-')).toBeGreaterThan(100);
    expect(refused('kube-proxy-')).toBeLessThanOrEqual(1_200 - 300);
    expect(refused('kubelet-')).toBe(0);
    // They come back after the second they are told to wait for; a minute later every watch is open again.
    advance(minutes(1));
    expect(cluster.kubelets.countNotReady()).toBe(0);
    const watchers = controlPlane.servers.reduce((sum, { watchCaches }) => sum + watchCaches!.watchers, 0);
    expect(watchers).toBeGreaterThanOrEqual(800 * (OF_KUBELET + OF_PROXY));
    controlPlane.checkBooks();
  });

  it('turns others of kube-system away while it lasts, who are in the same flow, and nobody of another level', () => {
    const { advance, kill, controlPlane } = createCluster(800, 'kubelet-and-proxy');
    const answers = new Map<string, number[]>();
    const join = (namespace: string): number => {
      const seen: number[] = [];
      answers.set(namespace, seen);
      return controlPlane.join(
        new ClientGroup({
          name: `asks-${namespace}`,
          clients: 1,
          timeout: seconds(30),
          describe: () => ({
            ...serviceAccountIdentity({ namespace, name: 'asks' }),
            verb: 'get',
            resource: 'services',
          }),
          isInside: false,
          countsForAvailability: false,
          onReply: (_client, status) => void seen.push(status),
        }),
      );
    };
    const groups = ['kube-system', 'shop'].map(join);
    const ask = (): void => {
      for (const group of groups) controlPlane.send(group, 0, controlPlane.operations.number('get'));
      advance(seconds(5));
    };
    advance(seconds(30));
    ask();
    kill();
    // The proxies are there by now: their requests came at the instant at which the streams broke.
    ask();
    expect(answers.get('kube-system')).toEqual([Status.ok, Status.tooManyRequests]);
    expect(answers.get('shop')).toEqual([Status.ok, Status.ok]);
  });
});

it('a write of an EndpointSlice keeps as many seats as the proxies that hear of it are worth', () => {
  // 400 watchers at each of two servers: 400 / 10 = 40 seats for 5 ms are 0.2 seat-seconds, so 10 seats for 20 ms.
  const seatsOf = (kind: NodeWatchKind): number => {
    const { controlPlane } = createCluster(800, kind);
    const { router } = controlPlane.servers[0]!.watchCaches!;
    const request = controlPlane.requests.open(0, 0, controlPlane.operations.number('endpointslice-update'));
    const { finalSeats = 0, additionalLatency = 0 } = router.writeEstimate?.(request, 15) ?? {};
    controlPlane.requests.close(request);
    return (finalSeats * additionalLatency) / seconds(1);
  };
  expect(seatsOf('kubelet')).toBe(0);
  expect(seatsOf('kubelet-and-proxy')).toBeCloseTo(0.2, 2);
});

it('needs a profile, whose API servers have watch caches', () => {
  const { kubernetes, ...document } = smallScenario();
  const parse = (): unknown =>
    parseScenario({ ...document, kubernetes: { ...kubernetes, nodeWatches: 'kubelet' } }, 'test');
  expect(parse).toThrow(DocumentError);
  expect(parse).toThrow('expected a "profile" beside "kubelet", got none');
});

it('streams of the initial state take the place of LISTs where clients use them, and the same seed is the same run', () => {
  const run = (): readonly number[] => {
    const { advance, kill, answered, simulation } = createCluster(40, 'kubelet-and-proxy', 'current');
    kill();
    advance(minutes(3));
    return [answered('kubelet-'), answered('kube-proxy-'), simulation.now];
  };
  expect(run()).toEqual(run());
});
