/**
 * Lease renewals of 5,000 nodes with and without the jitter of 4 %.
 *
 * Argued before the run:
 *
 * - A kubelet waits 10 s from the end of one renewal to the start of the next, plus 0 to 0.4 s with jitter. So 5,000 nodes
 *   send 500 a second without and 5,000 / 10.2 = 490 with it, 49 in a tenth of a second.
 * - With phases that know nothing of each other the count of a tenth of a second is binomial: standard deviation
 *   sqrt(49 x 0.99) = 7, and 86 % of them lie within 40..60. Kubernetes measured "between 40 and 60" with jitter.
 * - Without jitter the phases of a quiet cluster never change: what the nodes began with they keep. Nodes that came
 *   together, at a normal distribution of 0.665 s, reach 5,000 x 0.1 / (0.665 x sqrt(2 pi)) = 300 in a tenth of a second
 *   and leave others empty, standard deviation 90: Kubernetes measured "from 0 to 300" and ten times the deviation. (The
 *   0.665 s are fitted to the 300; what its nodes began with is not published. That 0 and the deviation follow is the test.)
 * - Jitter does not smooth at once. Each round adds an independent 0..0.4 s (deviation 0.1155 s) to every phase, so after
 *   k rounds the first harmonic of the herd in its period of 10.2 s is left at exp(-2 pi^2 k 0.1155^2 / 10.2^2): e times
 *   smaller in 395 rounds, which is 67 minutes. A herd is dissolved in hours, not minutes.
 * - A refusing API makes a herd of nodes that had none: all loops end at a sleep of 7 s, so when it comes back everybody
 *   renews within 7 s and then, 10 s later, again. Tenths of a second in those 7 s get 71, the others nothing:
 *   deviation 50 sqrt(10/7 - 1) = 33.
 * - A busy API makes none. It answers at most so many a second, and whoever was answered late asks late next time: without
 *   jitter a server with room for 62 in a tenth of a second makes the stream smoother than chance, for ever.
 */
import { type Duration, minutes, ms, seconds, Simulation, type Stream } from '@brownout/core';
import { expect, it } from 'vitest';
import { Kubelets } from '../nodes/kubelet.ts';
import { advance, type BenchOptions, createBench, flatCosts } from '../testing/bench.ts';

const NODES = 5000;

interface Variant {
  readonly jitter: number;
  readonly bench?: BenchOptions;
  readonly firstRenewal?: { sample(stream: Stream): Duration };
}

function setUp({ jitter, bench = {}, firstRenewal }: Variant) {
  const simulation = new Simulation({ seed: 20210430 });
  const costs = flatCosts({ 'lease-update': { cpuMs: 1 } });
  const { controlPlane } = createBench(simulation, { cores: 64, costs, ...bench });
  const kubelets = new Kubelets(
    simulation,
    'bench',
    NODES,
    {
      renewInterval: seconds(10),
      renewJitter: jitter,
      requestTimeout: seconds(10),
      leaseDuration: seconds(40),
      statusInterval: minutes(5),
      rules: {},
      ...(firstRenewal === undefined ? {} : { firstRenewal }),
    },
    controlPlane,
    { nodeSynced: () => {} },
  );
  const leases = controlPlane.groups.find((group) => group.name === 'kubelet-lease')!;
  /** Renewals in each of the next tenths of a second. */
  const tenths = (count: number): number[] =>
    Array.from({ length: count }, () => {
      const before = leases.sent;
      advance(simulation, ms(100));
      return leases.sent - before;
    });
  return { simulation, controlPlane, kubelets, leases, tenths };
}

function deviation(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1));
}

/** Normal with deviation 0.665 s around 5 s (Box-Muller). */
const together = {
  sample: (stream: Stream): Duration => {
    const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()));
    const at = seconds(5) + seconds(1) * 0.665 * radius * Math.cos(2 * Math.PI * stream.uniform());
    return Math.round(Math.max(0, at)) as Duration;
  },
};

it('with jitter 490 a second, as even as chance allows: 40 to 60 in most tenths of a second', () => {
  const { simulation, tenths, controlPlane } = setUp({ jitter: 0.04 });
  advance(simulation, seconds(30));
  const counts = tenths(2000);
  const perSecond = counts.reduce((sum, count) => sum + count, 0) / 200;
  expect(Math.abs(perSecond - 490)).toBeLessThan(5);
  expect(deviation(counts)).toBeGreaterThan(6.3);
  expect(deviation(counts)).toBeLessThan(7.7);
  const within = counts.filter((count) => count >= 40 && count <= 60).length / counts.length;
  expect(within).toBeGreaterThan(0.82);
  expect(within).toBeLessThan(0.9);
  controlPlane.checkBooks();
});

it('without jitter nodes that came together swing from 0 to 300 in a tenth of a second, and go on doing so', () => {
  const { simulation, tenths } = setUp({ jitter: 0, firstRenewal: together });
  for (const wait of [seconds(20), minutes(10)]) {
    advance(simulation, wait);
    const counts = tenths(100);
    expect(Math.min(...counts)).toBe(0);
    expect(Math.max(...counts)).toBeGreaterThan(250);
    expect(Math.max(...counts)).toBeLessThan(350);
    expect(deviation(counts)).toBeGreaterThan(80);
    expect(deviation(counts)).toBeLessThan(100);
  }
});

it('jitter dissolves such a herd at the pace of a random walk: e times less in 67 minutes', () => {
  const { simulation, tenths } = setUp({ jitter: 0.04, firstRenewal: together });
  advance(simulation, minutes(34) - seconds(5.1));
  const counts = tenths(102);
  // 200 rounds after the start: the deviations of k jitters and of the start add up to s = sqrt(0.665^2 + 200 x 0.1155^2).
  const spread = Math.sqrt(0.665 ** 2 + 200 * 0.1155 ** 2);
  const harmonic = (n: number): number => 2 * Math.exp(-2 * Math.PI ** 2 * n ** 2 * (spread / 10.2) ** 2);
  const herd = 49 * Math.sqrt(0.5 * [1, 2, 3, 4].reduce((sum, n) => sum + harmonic(n) ** 2, 0));
  const expected = Math.sqrt(herd ** 2 + 49);
  // The deviation of the sample: about 15 % for the shape of one herd.
  expect(expected).toBeGreaterThan(35);
  expect(Math.abs(deviation(counts) / expected - 1)).toBeLessThan(0.2);
});

it('an API that refuses for half a minute makes a herd of nodes that had none, and only jitter ends it', () => {
  const herds = [0, 0.04].map((jitter) => {
    const { simulation, controlPlane, tenths, kubelets } = setUp({ jitter });
    advance(simulation, seconds(30));
    const before = deviation(tenths(100));
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, minutes(2));
    const after = deviation(tenths(100));
    advance(simulation, minutes(30));
    expect(kubelets.countNotReady()).toBe(0);
    return { before, after, later: deviation(tenths(100)) };
  });
  const [plain, jittered] = [herds[0]!, herds[1]!];
  for (const { before, after } of herds) {
    expect(before).toBeLessThan(9);
    expect(after).toBeGreaterThan(26);
    expect(after).toBeLessThan(42);
  }
  expect(plain.later).toBeGreaterThan(0.9 * plain.after);
  // 176 rounds: the first harmonic is left at exp(-176/395) = 0.64, the second at a sixth, the others vanish.
  expect(jittered.later).toBeLessThan(0.75 * jittered.after);
  expect(jittered.later).toBeGreaterThan(0.4 * jittered.after);
});

it('a busy API makes none: without jitter it smooths the stream to what it can serve', () => {
  const costs = flatCosts({ 'lease-update': { cpuMs: 8 } });
  const { simulation, tenths } = setUp({ jitter: 0, bench: { cores: 5, costs } });
  advance(simulation, minutes(10));
  const counts = tenths(500);
  // Five cores and 8 ms: 62.5 in a tenth of a second.
  expect(Math.max(...counts)).toBeLessThanOrEqual(64);
  expect(deviation(counts)).toBeLessThan(6.2);
});
