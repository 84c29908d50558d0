/** The program of a pool's threads: makes the runs it is asked for, one after the other. See pool.ts. */
import { SimulationError } from '@brownout/core';
import { freezeDeep, makeReplication, type RunResult, type ScenarioDocument } from '@brownout/scenarios';
import { Buffer } from 'node:buffer';
import { Board, type RunAnswer, type RunTask } from './task.ts';

/** Documents read before, oldest use first; a study goes round few of them, a sweep through many. */
const documents: Map<string, ScenarioDocument> = new Map();
const remembered = 16;

function documentOf({ document, hash }: RunTask): ScenarioDocument {
  const known =
    documents.get(hash) ?? freezeDeep(JSON.parse(Buffer.from(document).toString('utf8')) as ScenarioDocument);
  documents.delete(hash);
  documents.set(hash, known);
  if (documents.size > remembered) documents.delete(documents.keys().next().value!);
  return known;
}

/** Makes one run. Never throws: what goes wrong is part of the answer. */
export function answer(task: RunTask): RunAnswer {
  const { seed, untilSeconds, lane, wantsResult } = task;
  const board = new Board(task.board);
  let began: number | undefined;
  let result: RunResult | undefined;
  try {
    const wanted = { document: documentOf(task), seed, ...(untilSeconds === undefined ? {} : { untilSeconds }) };
    const replication = makeReplication(wanted, {
      abort: board,
      onProgress: (now, end) => {
        began ??= now;
        board.setShare(lane, (now - began) / Math.max(1, end - began));
      },
      ...(wantsResult ? { onResult: (whole) => (result = whole) } : {}),
    });
    return replication === undefined ? { kind: 'stopped' } : { kind: 'made', replication, result };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const timeSeconds = error instanceof SimulationError ? error.context?.timeSeconds : undefined;
    return { kind: 'failed', message, timeSeconds };
  }
}
