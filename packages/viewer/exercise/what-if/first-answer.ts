/**
 * The first answer to a what-if, from the smaller model. Nearly always it is there within a few seconds; of a change that makes
 * even the smaller model slow, what the day has come to is told on the way, with how far that is. Baseline and branch are then
 * compared up to the same time. Runs in the worker.
 */
import { type LiveRun, reduced } from '@brownout/scenarios';
import type { RunRequest } from '../engine/protocol.ts';
import { readRequest } from '../engine/read-source.ts';
import { runInTurns } from '../engine/run-in-turns.ts';
import type { Turns } from '../engine/turns.ts';
import type { AnswerMark, FirstAnswer } from './what-if-tasks.ts';

/** When an answer that is on its way is told. */
export interface Patience {
  /** So many milliseconds after it was asked for, then after twice as long, and so on. */
  readonly milliseconds: number;
  /** Unless all of it will be there within so many more. */
  readonly soonMilliseconds: number;
  /** And not before there is something to see, in seconds after the trigger. */
  readonly leastSeconds: number;
}

const usualPatience: Patience = { milliseconds: 1800, soonMilliseconds: 300, leastSeconds: 2400 };

/** Seconds of the run between two times up to which runs can be compared. */
const markSeconds = 600;

/** The answer; `tell` is told what there is on the way. Undefined when it was given up. */
export async function firstAnswer(
  request: RunRequest,
  turns: Turns,
  tell: (answer: FirstAnswer) => void,
  { milliseconds, soonMilliseconds, leastSeconds }: Patience = usualPatience,
): Promise<FirstAnswer | undefined> {
  const began = performance.now();
  const { document, applied } = await readRequest(request);
  const { document: small, label, factor, losses } = reduced(document);
  const { seed, actions = [], crew = 'simulated', untilSeconds } = request;
  const options = { seed, applied, actions, crew, ...(untilSeconds === undefined ? {} : { untilSeconds }) };
  const marks: AnswerMark[] = [];
  const answerOf = (live: LiveRun, isWhole: boolean): FirstAnswer => ({
    label,
    factor,
    losses,
    result: live.result(),
    isWhole,
    marks: [...marks],
    answers: isWhole ? live.answers : undefined,
  });
  let patience = milliseconds;
  const look = (live: LiveRun): void => {
    marks.push({ until: live.now, kpis: { ...live.run.measures(), byCluster: {}, byProduct: {} } });
    const taken = performance.now() - began;
    if (taken < patience || leftOf(live, taken) < soonMilliseconds || live.now < leastSeconds) return;
    tell(answerOf(live, false));
    patience = 2 * taken;
  };
  const wanted = { document: small, name: String(small.id), options, marks: { everySeconds: markSeconds, look } };
  const live = await runInTurns(wanted, turns);
  return live && answerOf(live, true);
}

/** Milliseconds that the rest will take, if it goes on as it went. */
function leftOf({ now, run: { startSeconds, endSeconds } }: LiveRun, taken: number): number {
  return (taken * (endSeconds - now)) / (now - startSeconds);
}
