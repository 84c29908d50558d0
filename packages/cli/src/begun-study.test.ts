import { conduct, type Replication, type Study } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { begun } from './begun-study.ts';
import { InputError } from './input-error.ts';

const replication = { seed: '1' } as Replication;

/** Wants one run twice; tells when it is closed. */
function* twoSteps(closed: () => void = () => undefined): Study<number> {
  try {
    const first = yield [];
    const second = yield [];
    return first.length + second.length;
  } finally {
    closed();
  }
}

describe('a study that has begun', () => {
  it('ends as it would have without', () => {
    expect(conduct(begun(twoSteps()), () => [])).toBe(0);
    const study = begun(twoSteps());
    study.next();
    study.next([replication]);
    expect(study.next([replication, replication])).toEqual({ done: true, value: 3 });
  });

  it('is closed with the one that is inside', () => {
    let isClosed = false;
    const study = begun(twoSteps(() => (isClosed = true)));
    study.next();
    study.return(0);
    expect(isClosed).toBe(true);
  });

  it('refuses its settings as bad input, and leaves other errors as they are', () => {
    const failing = function* (error: Error): Study<number> {
      if (error.message !== '') throw error;
      yield [];
      return 0;
    };
    expect(() => begun(failing(new RangeError('too few')))).toThrow(new InputError('too few'));
    expect(() => begun(failing(new TypeError('a defect')))).toThrow(TypeError);
  });

  it('keeps errors of its runs as defects', () => {
    const study = begun(
      (function* (): Study<number> {
        yield [];
        throw new RangeError('a defect');
      })(),
    );
    expect(() => conduct(study, () => [])).toThrow(RangeError);
  });
});
