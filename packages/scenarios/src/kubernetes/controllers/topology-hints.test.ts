/**
 * Topology hints as the EndpointSlice controller writes them: three zones of ten nodes, and what their loss and return costs.
 * The numbers are worked out by hand from upstream's rules: an endpoint may have 1.2 times its share, rounded up.
 */
import { ms, seconds, Simulation } from '@brownout/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeStore, Ready } from '../nodes/node-store.ts';
import { advance, createBench } from '../testing/bench.ts';
import { EndpointSlices } from './endpoint-slices.ts';

const NODES = 30;
const ZONES = 3;
const ZONE_C = Array.from({ length: NODES / ZONES }, (_, row) => ZONES * row + 2);

interface SetUp {
  readonly services?: number;
  readonly endpoints?: number;
  /** Default: endpoints are dealt to the nodes in turn, and so to the zones. */
  readonly nodeOf?: (endpoint: number) => number;
  /** Services that ask for hints; default all. */
  readonly auto?: number;
}

function setUp({
  services = 5,
  endpoints = NODES,
  nodeOf = (endpoint) => endpoint % NODES,
  auto = services,
}: SetUp = {}) {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane } = createBench(simulation, { cores: 8 });
  const store = new NodeStore({ nodes: NODES, podsPerNode: 1, zones: ZONES });
  const slices = new EndpointSlices(
    simulation,
    'bench',
    {
      endpoints: Array.from({ length: services }, () => endpoints),
      topologyModeAuto: auto,
      nodeOf: (_, endpoint) => nodeOf(endpoint),
      pace: { qps: 1000, burst: 1000 },
    },
    { controlPlane, store, observer: () => {} },
  );
  slices.start();
  const client = controlPlane.groups.find(({ name }) => name === 'endpointslice-controller')!;
  const sent = (): number => client.sent;
  const setReady = (nodes: readonly number[], isReady: boolean): void => {
    for (const node of nodes) {
      store.ready[node] = isReady ? Ready.true : Ready.unknown;
      slices.hints?.nodes.changed(node);
    }
  };
  const setEndpoints = (node: number, isReady: boolean): void => {
    for (let service = 0; service < services; service++) {
      for (let endpoint = 0; endpoint < endpoints; endpoint++) {
        if (nodeOf(endpoint) === node) slices.endpointChanged(service, endpoint, isReady);
      }
    }
  };
  const hints = (service = 0): readonly number[] => [0, 1, 2].map((zone) => slices.hints!.stored(service, zone));
  advance(simulation, seconds(1));
  return { simulation, controlPlane, store, slices, sent, setReady, setEndpoints, hints };
}

describe('hints that are there', () => {
  it('are those of the own zones where these have what they need, and cost a process that starts nothing', () => {
    const { hints, sent, slices, simulation } = setUp();
    expect(hints()).toEqual([10, 10, 10]);
    slices.start();
    advance(simulation, seconds(1));
    expect(sent()).toBe(0);
  });

  // A third of ten endpoints, 3.33 a zone: 6.67 too many in the first, and six moves leave less than one on either side.
  it('are dealt to other zones where all endpoints are in one', () => {
    expect(setUp({ endpoints: 10, nodeOf: (endpoint) => 3 * endpoint }).hints()).toEqual([4, 3, 3]);
  });

  it('are none where endpoints are fewer than their minimums, and nodes then cost nothing', () => {
    for (const endpoints of [2, 4, 8]) {
      const { hints, sent, setReady, simulation } = setUp({ endpoints });
      setReady(ZONE_C, false);
      advance(simulation, seconds(1));
      expect([hints(), sent()]).toEqual([[0, 0, 0], 0]);
    }
  });
});

describe('nodes that go and come one by one, while every endpoint stays ready', () => {
  /*
   * Of 30 endpoints, 10 a zone: with k nodes of the third zone gone the first two need 30 * 10 / (30 - k) / 1.2.
   *   gone  k = 6: 10.4, so 11 of them: overloaded, and the third may keep 8 at most: 13, 12, 5. That lasts until
   *         k = 10: 12.5, so 13. The third has no share and takes no part: its endpoints name their own zone again.
   *   back  k = 9: 11.9, so 12 of 10. 14, 14, 2. From then on the third lacks some, but what the others have is within
   *         what they may keep, up to k = 3: at most 13. 11, 11, 8, which is within what they may keep ever after.
   */
  it('cost one write a Service at the sixth and the last, and at the first and the seventh that is back', () => {
    const { sent, hints, setReady, simulation, controlPlane } = setUp();
    const after = (node: number, isReady: boolean): number => {
      setReady([node], isReady);
      advance(simulation, seconds(1));
      return sent() / 5;
    };
    expect(ZONE_C.slice(0, 6).map((node) => after(node, false))).toEqual([0, 0, 0, 0, 0, 1]);
    expect(hints()).toEqual([13, 12, 5]);
    expect(ZONE_C.slice(6).map((node) => after(node, false))).toEqual([1, 1, 1, 2]);
    expect(hints()).toEqual([10, 10, 10]);
    expect(after(2, true)).toBe(3);
    expect(hints()).toEqual([14, 14, 2]);
    expect(ZONE_C.slice(1).map((node) => after(node, true))).toEqual([3, 3, 3, 3, 3, 4, 4, 4, 4]);
    expect(hints(4)).toEqual([11, 11, 8]);
    controlPlane.checkBooks();
  });

  it('cost Services that do not ask for hints nothing', () => {
    const { sent, setReady, simulation } = setUp({ services: 6, auto: 2 });
    for (const node of ZONE_C.slice(0, 6)) setReady([node], false);
    advance(simulation, seconds(1));
    expect(sent()).toBe(2);
  });
});

describe('a zone that goes', () => {
  // Its endpoints go with its CPU: what is left is dealt as the nodes are, and slices are written for the endpoints anyway.
  it.each([0, 5])(
    'with its pods costs its endpoints, with hints and without: %i Services of 5 ask for them',
    (auto) => {
      const { sent, setReady, setEndpoints, slices, simulation } = setUp({ auto });
      for (const node of ZONE_C) {
        setReady([node], false);
        advance(simulation, ms(500));
        setEndpoints(node, false);
        advance(simulation, ms(500));
      }
      expect([sent(), slices.hints?.hintWrites ?? 0]).toEqual([5 * 10, 0]);
    },
  );

  // 20 endpoints for three zones again: 6 each at least, 8 at most, and the first two have 10.
  it('comes back with one write more a Service when its nodes are ready before its pods', () => {
    const { sent, hints, setReady, setEndpoints, slices, simulation } = setUp();
    for (const node of ZONE_C) {
      setReady([node], false);
      setEndpoints(node, false);
      advance(simulation, seconds(1));
    }
    const before = sent();
    setReady(ZONE_C, true);
    advance(simulation, seconds(1));
    expect([sent() - before, slices.hints!.hintWrites, hints()]).toEqual([5, 5, [7, 7, 6]]);
    for (const node of ZONE_C) {
      setEndpoints(node, true);
      advance(simulation, seconds(1));
    }
    expect([sent() - before, slices.hints!.hintWrites, hints()]).toEqual([5 + 50, 5, [10, 10, 10]]);
  });

  it('costs every Service whose endpoints are elsewhere and name it a write, and another when it is back', () => {
    const { sent, hints, setReady, simulation } = setUp({ services: 40, endpoints: 10, nodeOf: (one) => 3 * one });
    setReady(ZONE_C, false);
    advance(simulation, seconds(2));
    expect([sent(), hints(39)]).toEqual([40, [5, 5, 0]]);
    setReady(ZONE_C, true);
    advance(simulation, seconds(2));
    expect([sent(), hints(39)]).toEqual([80, [4, 3, 3]]);
  });

  it('is written at the pace of the controller: 20 a second after a burst of 30', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane } = createBench(simulation, { cores: 8 });
    const store = new NodeStore({ nodes: NODES, podsPerNode: 1, zones: ZONES });
    const options = { endpoints: Array.from({ length: 200 }, () => 10), topologyModeAuto: 200 };
    const parts = { controlPlane, store, observer: () => {} };
    const nodeOf = (_: number, endpoint: number): number => 3 * endpoint;
    const slices = new EndpointSlices(simulation, 'bench', { ...options, nodeOf }, parts);
    slices.start();
    for (const node of ZONE_C) {
      store.ready[node] = Ready.unknown;
      slices.hints!.nodes.changed(node);
    }
    advance(simulation, seconds(5));
    expect(slices.hints!.hintWrites).toBeGreaterThanOrEqual(125);
    expect(slices.hints!.hintWrites).toBeLessThanOrEqual(130);
    advance(simulation, seconds(4));
    expect(slices.hints!.hintWrites).toBe(200);
  });
});

it('a write that fails is planned again after its wait, from the nodes as they are then', () => {
  const { hints, setReady, slices, simulation, controlPlane } = setUp();
  controlPlane.servers[0]!.kill('liveness');
  setReady(ZONE_C.slice(0, 6), false);
  advance(simulation, seconds(2));
  expect(hints()).toEqual([10, 10, 10]);
  advance(simulation, seconds(180));
  expect([hints(), slices.drops, slices.hints!.hintWrites]).toEqual([[13, 12, 5], 0, 5]);
  controlPlane.checkBooks();
});

describe('no node that is ready', () => {
  it('takes all hints away, slice by slice, and they come with the next endpoint and not with the nodes', () => {
    const { sent, hints, setReady, slices, simulation } = setUp({ services: 1, endpoints: 250 });
    const all = Array.from({ length: NODES }, (_, node) => node);
    expect(hints()).toEqual([84, 83, 83]);
    setReady(all, false);
    advance(simulation, seconds(1));
    expect([sent(), hints()]).toEqual([3, [0, 0, 0]]);
    setReady(all, true);
    advance(simulation, seconds(1));
    expect([sent(), hints()]).toEqual([3, [0, 0, 0]]);
    slices.endpointChanged(0, 0, false);
    advance(simulation, seconds(1));
    expect([sent(), slices.hints!.hintWrites, hints()]).toEqual([6, 5, [83, 83, 83]]);
  });

  it('is not seen while a watch is broken, and not by a process that does not lead', () => {
    const { sent, setReady, slices, simulation } = setUp();
    const all = Array.from({ length: NODES }, (_, node) => node);
    slices.hints!.nodes.informersBroke();
    setReady(all, false);
    advance(simulation, seconds(5));
    expect(sent()).toBe(0);
    setReady(all, true);
    slices.hints!.nodes.informersSynced();
    slices.stop();
    setReady(ZONE_C, false);
    advance(simulation, seconds(5));
    expect(sent()).toBe(0);
    slices.start();
    advance(simulation, seconds(5));
    // The process that starts has counted the nodes: hints for the zone that is gone cannot stay.
    expect(sent()).toBe(5);
  });
});

it('whatever happens, all ready endpoints of a Service have a hint or none has, and the same comes twice', () => {
  const steps = fc.array(
    fc.record({
      node: fc.nat({ max: NODES - 1 }),
      isReady: fc.boolean(),
      pods: fc.boolean(),
      wait: fc.nat({ max: 40 }),
    }),
    { maxLength: 40 },
  );
  const sizes = fc.integer({ min: 1, max: 260 });
  const run = (
    endpoints: number,
    changes: typeof steps extends fc.Arbitrary<infer T> ? T : never,
  ): readonly number[] => {
    const bench = setUp({ services: 3, endpoints, auto: 2 });
    for (const { node, isReady, pods, wait } of changes) {
      bench.setReady([node], isReady);
      if (pods) bench.setEndpoints(node, isReady);
      advance(bench.simulation, ms(wait));
    }
    advance(bench.simulation, seconds(10));
    bench.controlPlane.checkBooks();
    const served = [0, 1, 2].map((service) => bench.slices.served(service));
    expect(new Set(served).size).toBe(1);
    for (const service of [0, 1]) {
      const sum = bench.hints(service).reduce((a, b) => a + b, 0);
      expect([0, served[0]]).toContain(sum);
    }
    return [bench.sent(), bench.slices.hints!.hintWrites, ...bench.hints(), ...served];
  };
  fc.assert(
    fc.property(sizes, steps, (endpoints, changes) => {
      expect(run(endpoints, changes)).toEqual(run(endpoints, changes));
    }),
    { numRuns: 40 },
  );
});
