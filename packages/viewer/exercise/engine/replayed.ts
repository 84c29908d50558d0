/** A session that is over, as the debrief wants it. Runs in the worker. */
import {
  drillFile,
  engineVersion,
  LiveRun,
  reduced,
  spareApiServersOf,
  type DrillFile,
  type DrillRecord,
  type DrillSession,
} from '@brownout/scenarios';
import type { Replayed } from './drill-protocol.ts';

/** `file` is what it is compared with: the one it was played from, or the one just made of it. */
export function replayedOf(session: DrillSession, file: Pick<DrillFile, 'digest' | 'engine'>): Replayed {
  const record = session.record();
  return {
    text: JSON.stringify(drillFile(session)),
    record,
    reduced: inSmallerModel(record),
    digest: { file: file.digest, here: session.digest() },
    engine: { file: file.engine, here: engineVersion },
  };
}

/**
 * The same actions at the same times in the smaller model, so that first answers are compared with a session of their own kind;
 * undefined where the whole is small enough, or where the smaller model cannot do what was done.
 */
function inSmallerModel(record: DrillRecord): Replayed['reduced'] {
  const { setup, made, actions, untilSeconds } = record;
  const small = reduced(made.document);
  if (small.factor === 1) return undefined;
  const live = new LiveRun(small.document, {
    seed: setup.seed ?? '1',
    crew: made.crew,
    actions,
    spareApiServers: spareApiServersOf(setup),
    untilSeconds,
  });
  live.advanceTo(untilSeconds);
  const document = reduced(setup.document).document;
  return {
    record: {
      ...record,
      setup: { ...setup, document },
      made: { ...made, document: small.document },
      answers: [...live.answers],
      result: live.result(),
    },
    label: small.label,
    losses: small.losses,
  };
}
