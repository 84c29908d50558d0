import * as scenarios from '@brownout/scenarios';
import { expect, it } from 'vitest';
import * as library from './index.ts';

it('the library side offers everything that the scenarios do', () => {
  for (const [name, value] of Object.entries(scenarios)) {
    expect(Object.entries(library).find(([each]) => each === name)?.[1], name).toBe(value);
  }
});
