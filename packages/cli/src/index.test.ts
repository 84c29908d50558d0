import * as scenarios from '@brownout/scenarios';
import { expect, it } from 'vitest';
import * as library from './index.ts';

/** Studies of which the library has a twin that makes the runs. */
const studies: Readonly<Record<string, string>> = {
  compare: 'compareStudy',
  plan: 'planStudy',
  sweep: 'sweepStudy',
  tip: 'tipStudy',
};

it('the library side offers everything that the scenarios do', () => {
  const offered = new Map(Object.entries(library));
  for (const [name, value] of Object.entries(scenarios)) {
    expect(offered.get(studies[name] ?? name), name).toBe(value);
    if (name in studies) expect(offered.get(name), name).not.toBe(value);
  }
});
