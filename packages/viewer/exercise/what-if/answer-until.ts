/** What a first answer was at an earlier time of the day. */
import type { RunResult } from '@brownout/scenarios';
import type { FirstAnswer } from './what-if-tasks.ts';

/** The answer with its measures up to a time; undefined where it has no mark. Its series go on: they say what came later. */
export function answerUntil({ result, marks }: FirstAnswer, until: number): RunResult | undefined {
  const mark = marks.find((one) => one.until === until);
  return mark && { ...result, kpis: mark.kpis, horizon: { ...result.horizon, endSeconds: until } };
}
