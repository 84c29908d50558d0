import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { conduct } from '../experiment/study.ts';
import { sweep, type SweepOptions, type SweepResult } from '../experiment/sweep.ts';
import { parseVary } from '../experiment/vary.ts';
import { getPath } from '../scenario/path.ts';
import { sweepText } from './sweep.ts';

const document = smallScenario();
const nodes = parseVary(document, 'clusters[large].nodes=100..300:3');
const period = parseVary(document, 'agent.period=15s..120s:2');

/** Made-up runs: an outage that grows with the nodes and varies with the seed; a lock-out at 300 nodes only. */
function made(options: Partial<SweepOptions> = {}): SweepResult {
  const study = sweep(document, { factors: [nodes, period], measures: ['outageSeconds', 'firstAlert'], ...options });
  return conduct(study, (wanted) =>
    wanted.map(({ document: one, seed }) => {
      const size = getPath(one, 'clusters[large].nodes') as number;
      const measures = {
        outageSeconds: size === 100 ? 0 : size * 5 + Number(seed),
        firstAlert: size < 300 ? null : 90 + Number(seed),
      };
      return { hash: 'h', engine: 'e', seed, until: null, digest: 'd', events: 1, measures };
    }),
  );
}

describe('a sweep in words', () => {
  it('of two factors in a grid is a heat map whose cells have their interval', () => {
    expect(sweepText(made({ replications: 6 }))).toBe(`SWEEP small
grid of 6 points, 6 runs each under the same seeds, seed 1; intervals cover with 95 %

outageSeconds (user errors above 1 %), mean
down: clusters[large].nodes; across: agent.period
        15s                  120s
100  ── 0 s               ── 0 s
        no spread            no spread
200  ▓▓ 17 min            ▓▓ 17 min
        17 min .. 17 min     17 min .. 17 min
300  ██ 25 min            ██ 25 min
        25 min .. 25 min     25 min .. 25 min
shades: ──░░▒▒▓▓██ from 0 s to 25 min
factor                 largest difference of its averages
clusters[large].nodes  25 min
agent.period           0 s

firstAlert (first alert), median
down: clusters[large].nodes; across: agent.period
        15s                            120s
100  ·· never                       ·· never
        no spread                      no spread
200  ·· never                       ·· never
        no spread                      no spread
300  ── +1 min 34 s                 ── +1 min 34 s
        +1 min 31 s .. +1 min 36 s     +1 min 31 s .. +1 min 36 s
shades: all +1 min 34 s; ·· did not happen
factor                 largest difference of its averages
clusters[large].nodes  between happening and not
agent.period           none seen: it mostly did not happen
`);
  });

  it('of other designs is a table of points, and what each factor does', () => {
    expect(sweepText(made({ design: 'sobol', points: 4, measures: ['outageSeconds'] }))).toBe(`SWEEP small
Sobol sequence of 4 points, one run each, no intervals, seed 1

outageSeconds (user errors above 1 %)
clusters[large].nodes  agent.period       value
                  212       38.468s      18 min  ████████
                  111       90.968s  9 min 16 s  ████
                  161       64.718s      13 min  ██████
                  262      117.218s      22 min  ██████████
factor                 rank correlation  by chance
clusters[large].nodes              1.00  < 0.001
agent.period                       0.20  0.800
`);
    expect(sweepText(made({ design: 'morris', points: 2, measures: ['firstAlert'] }))).toContain(
      'No effects of the factors: it did not happen at',
    );
  });

  it('is a table where a map does not fit, and never wider than it may be', () => {
    for (const width of [70, 80, 100]) {
      const lines = sweepText(made({ replications: 2 }), { width }).split('\n');
      expect(Math.max(...lines.map((line) => line.length)), `width ${width}`).toBeLessThanOrEqual(width);
    }
    expect(sweepText(made({ replications: 2 }), { width: 40 })).not.toContain('shades');
  });

  it('carries no meaning by colour alone', () => {
    const painted = { strong: mark, faint: mark, bad: mark, warn: mark, good: mark, published: mark };
    const plain = sweepText(made());
    expect(sweepText(made(), { style: painted }).replaceAll('\u001b', '')).toBe(plain);
  });
});

function mark(text: string): string {
  return `\u001b${text}\u001b`;
}
