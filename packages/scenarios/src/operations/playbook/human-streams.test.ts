import { Simulation } from '@brownout/core';
import { expect, it } from 'vitest';
import { humanStream } from './human-streams.ts';

const draw = (before: (simulation: Simulation) => void): number => {
  const simulation = new Simulation({ seed: 7 });
  before(simulation);
  return humanStream(simulation, 'large', 'scale-down', 'time').uniform();
};

it('what is drawn for a step does not depend on what was drawn for others, elsewhere or for another purpose', () => {
  const alone = draw(() => {});
  const others = [
    ['large', 'block', 'time'],
    ['small', 'scale-down', 'time'],
    ['large', 'scale-down', 'pause'],
    [undefined, 'scale-down', 'time'],
  ] as const;
  for (const [site, step, purpose] of others) {
    expect(draw((simulation) => humanStream(simulation, site, step, purpose).uniform())).toBe(alone);
  }
});

it('every step, cluster and purpose has numbers of its own', () => {
  const simulation = new Simulation({ seed: 7 });
  const drawn = ['a', 'b'].flatMap((site) =>
    ['x', 'y'].flatMap((step) =>
      (['time', 'pause'] as const).map((purpose) => humanStream(simulation, site, step, purpose).uniform()),
    ),
  );
  expect(new Set(drawn).size).toBe(8);
});
