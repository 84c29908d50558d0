import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { mitigations } from '../mitigations/index.ts';
import { DocumentError } from '../scenario/document-error.ts';
import { parseTipAxis } from './tip-axis.ts';

const document = smallScenario();

describe('the axis of a parameter of a mitigation', () => {
  it.each([
    ['slower-agents:period=1s..2h:log', { low: 1, high: 7_200, scale: 'log', kind: 'whole' }],
    ['slower-agents:period=2000ms..1min', { low: 2, high: 60, scale: 'linear', kind: 'whole' }],
    ['more-api-servers:replicas=3..9', { low: 3, high: 9, kind: 'whole' }],
  ])('%s is a range', (text, factor) => {
    expect(parseTipAxis(document, text, mitigations).factor).toMatchObject(factor);
  });

  it.each([
    ['faster-rollback:pause=500ms..30s', 'expected whole numbers, or times in whole seconds, got "500ms" to "30s"'],
    ['slower-agents:period=30s..90500ms', 'expected whole numbers, or times in whole seconds, got "30s" to "90500ms"'],
    ['slower-agents:period=0s..2h:log', 'a log scale needs a range above 0, got "0s" to "2h"'],
    ['slower-agents:period=2h..30s', 'expected a range that grows, got "2h" to "30s"'],
  ])('%s is refused as bad input', (text, message) => {
    const read = (): unknown => parseTipAxis(document, text, mitigations);
    expect(read).toThrow(DocumentError);
    expect(read).toThrow(`vary "${text}": ${message}`);
  });
});
