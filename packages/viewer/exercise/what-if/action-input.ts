/** From what is typed for an action to what a run is told, and back to words. */
import type { ActInput, LiveInput, StepPath } from '@brownout/scenarios';
import { secondsOfDay } from '../../page/time.ts';
import { clockOf } from '../watch/time.ts';
import type { ActionChoice } from './what-if-tasks.ts';

/** Who does it, in the log. */
const whoever = 'what if';
const day = 24 * 3600;

/** Where a run lies, in seconds after the trigger, and the trigger's time of day in seconds after midnight. */
export interface RunSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly zeroOfDay: number;
}

/**
 * Seconds after the trigger of "15:40", "15:40:30" or "+25 min"; undefined when it is no time, or none of the run. A time of day
 * is the first one in the run.
 */
export function momentFrom(text: string, { startSeconds, endSeconds, zeroOfDay }: RunSpan): number | undefined {
  const after = /^([+-]?\d{1,5}(?:\.\d+)?) *min$/.exec(text.trim());
  const clock = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.exec(text.trim());
  let t = Number.NaN;
  if (after !== null) t = Number(after[1]) * 60;
  if (clock !== null) {
    t = secondsOfDay(clock[0]) - zeroOfDay;
    while (t < startSeconds) t += day;
    while (t - day >= startSeconds) t -= day;
  }
  return t >= startSeconds && t <= endSeconds ? t : undefined;
}

/** The same action for each of these clusters; for none in particular where the list is empty. */
export function inputsOf(
  { action, fields }: ActionChoice,
  path: StepPath,
  clusters: readonly string[],
  texts: Readonly<Record<string, string>>,
): ActInput[] {
  const parameters = fields.flatMap(({ name, usual }) => {
    const text = (texts[name] ?? usual).trim();
    return text === '' ? [] : [[name, Number.isFinite(Number(text)) ? Number(text) : text] as const];
  });
  const done = { action, ...Object.fromEntries(parameters) } as ActInput['action'];
  const input: ActInput = { kind: 'act', action: done, path, by: whoever };
  return clusters.length === 0 ? [input] : clusters.map((cluster) => ({ ...input, cluster }));
}

/** "15:40:00 large-1: Block the admin API (who passes the block: nobody)" */
export function actionText(
  { t, input }: { readonly t: number; readonly input: LiveInput },
  zeroOfDay: number,
  choices: readonly ActionChoice[],
): string {
  return `${clockOf(t, zeroOfDay)} ${inputText(input, choices)}`;
}

function inputText(input: LiveInput, choices: readonly ActionChoice[]): string {
  switch (input.kind) {
    case 'note':
      return `note: ${input.text}`;
    case 'read':
      return `${input.cluster}: get ${input.resource}`;
    case 'fault':
      return `fault: ${JSON.stringify(input.fault)}`;
    case 'act': {
      // A link may say anything; what it means is checked by the run.
      const { action, ...parameters } = input.action ?? {};
      const choice = choices.find((one) => one.action === action);
      const values = Object.entries(parameters).map(([name, value]) => {
        const field = choice?.fields.find((one) => one.name === name);
        return `${field?.title ?? name}: ${String(value)}`;
      });
      const where = input.cluster === undefined ? '' : `${input.cluster}: `;
      return `${where}${choice?.title ?? String(action)}${values.length === 0 ? '' : ` (${values.join(', ')})`}`;
    }
  }
}
