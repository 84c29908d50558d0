import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { thresholdText } from '../report/thresholds.ts';
import { documentHash } from '../scenario/hash.ts';
import { parseScenario } from '../scenario/parse.ts';
import { judgeThresholds, thresholdsOf } from './threshold.ts';

const runs = [100, 200, 300, 400].map((outageSeconds) => ({ measures: { outageSeconds, lockoutSeconds: null } }));

describe('thresholds', () => {
  it('are those of the document and further ones, each once', () => {
    const document = { ...smallScenario(), thresholds: ['outageSeconds < 5 min'] };
    parseScenario(document, 'x');
    const read = thresholdsOf(document, ['q95(outageSeconds) < 300', 'outageSeconds < 5 min']);
    expect(read.map(({ text }) => text)).toEqual(['outageSeconds < 5 min', 'q95(outageSeconds) < 300']);
    expect(thresholdsOf(smallScenario())).toEqual([]);
  });

  it('leave documents without them alone', () => {
    expect(documentHash(smallScenario())).not.toBe(documentHash({ ...smallScenario(), thresholds: [] }));
    expect(parseScenario(smallScenario(), 'x').thresholds).toBeUndefined();
  });

  it('over several runs are about the median, quantiles and chances', () => {
    const document = smallScenario();
    const thresholds = thresholdsOf(document, [
      'outageSeconds < 201',
      'outageSeconds < 200',
      'q95(outageSeconds) < 401',
      'p(outageSeconds < 350) > 0.7',
      'lockoutSeconds < 1 h',
    ]);
    const answers = judgeThresholds(thresholds, runs);
    expect(answers.map(({ holds }) => holds)).toEqual([true, false, true, true, false]);
    const text = thresholdText(thresholds, answers);
    expect(text).toMatch(/^THRESHOLDS\n✓ outageSeconds < 201 +held in 50 % of 4 runs, but chance alone/);
    expect(text).toContain('✗ outageSeconds < 200 ');
    expect(text).toContain('got 6 min 40 s over 4 runs');
    expect(thresholdText(thresholds, judgeThresholds(thresholds, runs.slice(0, 1)))).toContain('got 1 min 40 s');
    expect(thresholdText([], [])).toBe('');
  });

  it('with a name that no run has are refused', () => {
    expect(() => thresholdsOf(smallScenario(), ['outageSecond < 3'])).toThrow('did you mean "outageSeconds"?');
    expect(() => parseScenario({ ...smallScenario(), thresholds: [3] } as never, 'x')).toThrow('thresholds[0]');
  });
});
