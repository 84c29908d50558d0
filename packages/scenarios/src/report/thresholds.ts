/** Thresholds in words: first of all that is printed, for they are what a script was asked to decide. */
import type { ConditionAnswer } from '../experiment/condition-answer.ts';
import type { Condition } from '../experiment/condition.ts';
import { measureOf } from '../experiment/condition.ts';
import { measureValueText } from './measure-text.ts';
import { plainStyle, type Style } from './style.ts';
import { wrap } from './text.ts';
import { shareText } from './words.ts';

/** How thresholds are written. */
export interface ThresholdTextOptions {
  /** Columns; default 100. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
  /** Whose runs were asked, where several variants are; default none. */
  readonly variant?: string;
}

/** The thresholds with their answers as text, ending in a line break; nothing where there are none. */
export function thresholdText(
  thresholds: readonly Condition[],
  answers: readonly ConditionAnswer[],
  options: ThresholdTextOptions = {},
): string {
  const { width = 100, style = plainStyle, variant } = options;
  if (answers.length === 0) return '';
  const widest = Math.max(...answers.map(({ text }) => text.length));
  const lines = answers.flatMap((answer, index) => {
    const mark = answer.holds ? '✓' : '✗';
    const text = `${mark} ${answer.text.padEnd(widest)}  ${foundText(thresholds[index]!, answer)}`;
    return wrapped(text, width).map(answer.holds ? style.good : style.bad);
  });
  const title = variant === undefined ? 'THRESHOLDS' : `THRESHOLDS: ${variant}`;
  return `${[style.strong(title), ...lines].join('\n')}\n`;
}

/** What the runs gave: "got 12 min" for one run; for many the number compared, and whether chance alone could turn it. */
function foundText(threshold: Condition, answer: ConditionAnswer): string {
  const { value, share, count, isClear } = answer;
  const measure = measureOf(threshold);
  if (count === 1) {
    return `got ${threshold.kind === 'chance' ? shareText(value ?? 0) : measureValueText(measure, value)}`;
  }
  const clear = isClear ? '' : ', but chance alone could turn that round';
  if (threshold.kind === 'each' || threshold.kind === 'chance') {
    return `held in ${shareText(share ?? 0)} of ${count} runs${clear}`;
  }
  return `got ${measureValueText(measure, value)} over ${count} runs${clear}`;
}

/** Like `wrap`, but the padding of the first part stays where the line fits. */
function wrapped(text: string, width: number): string[] {
  return text.length <= width ? [text] : wrap(text, width);
}
