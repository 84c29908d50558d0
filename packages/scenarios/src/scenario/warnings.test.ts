import { expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { parseScenario } from './parse.ts';
import { warningsFor } from './warnings.ts';

it('what lies within the measured range needs no warning', () => {
  expect(warningsFor(parseScenario(smallScenario(), 'small'))).toEqual([]);
});

it('more pods than measured, and more cores, are named with their limits', () => {
  const document = smallScenario({ nodes: 2000 });
  const [small, large] = document.clusters;
  const clusters = [small!, { ...large!, apiServers: { ...large!.apiServers, cores: 32 } }];
  expect(warningsFor(parseScenario({ ...document, clusters }, 'small'))).toEqual([
    'cluster large stores 60000 pods; LIST costs were measured up to 50000 and are extrapolated linearly',
    'unit costs were measured on 1 core and are used for API servers with up to 32 cores',
  ]);
});

it('a wave that is to begin before the one written before it is named, with when it can begin', () => {
  const document = smallScenario();
  const waves = [
    { clusters: ['small'], at: '5 min' },
    { clusters: ['large'], at: '90 s' },
  ];
  expect(warningsFor(parseScenario({ ...document, rollout: { waves } }, 'small'))).toEqual([
    'rollout.waves[1].at is 1.5 min, before a wave that is written before it: waves begin in their order, so this one begins at 5 min or later',
  ]);
});
