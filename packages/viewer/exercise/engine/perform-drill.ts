/** Hosts a drill in the worker: time goes by as fast as was asked for, calls are answered between two turns. */
import {
  checkLimits,
  clockOf,
  drillFile,
  drillSchema,
  DrillSession,
  engineVersion,
  readDrillFile,
  rolesOf,
} from '@brownout/scenarios';
import { secondsOfDay } from '../../page/time.ts';
import { DrillHost } from '../../src/drill/drill-host.ts';
import { readDrillCall } from '../../src/drill/read-drill-call.ts';
import type { DrillChoices, DrillOrder, DrillTaskNews, KeptPast, NumberedCall } from './drill-protocol.ts';
import type { RunSource } from './protocol.ts';
import { problemsOf, readRequest } from './read-source.ts';
import { replayedOf } from './replayed.ts';
import { type TaskTurns, turnMilliseconds } from './turns.ts';

/** Milliseconds between two looks at the clock, and between two tellings of what has changed. */
const restMilliseconds = 50;
const publishMilliseconds = 400;
/** Milliseconds between two tellings of how far it has come, where nobody does anything. */
const keepMilliseconds = 5000;
/** Seconds between two frames of the facilitator's truth. */
const frameSeconds = 5;

/** What a document offers. */
export async function drillChoices(source: RunSource): Promise<DrillChoices> {
  const { document, scenario } = await readRequest({ source, seed: '1' });
  const { horizon, clock, drill, title, summary } = scenario;
  return {
    title,
    summary,
    roles: rolesOf(document).map(({ id, title: name, task }) => ({ id, title: name, task })),
    startSeconds: (drill?.start ?? 0) / 1_000_000,
    horizon: { startSeconds: horizon.start / 1_000_000, endSeconds: horizon.end / 1_000_000 },
    clock: { zeroOfDay: secondsOfDay(clockOf(clock.zero, 0)), zone: clock.zone },
  };
}

/** Hosts a drill until the task is given up. */
export async function performDrill(
  order: DrillOrder,
  kept: KeptPast | undefined,
  turns: TaskTurns,
  tell: (news: DrillTaskNews) => void,
): Promise<void> {
  const session = await sessionOf(order);
  const past = kept && checkedPast(session, kept);
  const host = new DrillHost(session, {
    code: order.code,
    facilitatorCode: order.facilitatorCode,
    speed: order.speed,
    beginsAtOnce: order.beginsAtOnce,
    past,
    draw: () => crypto.getRandomValues(new Uint32Array(4)).join('-'),
    pack: () => JSON.stringify(drillFile(session)),
  });
  const listening = new Map<string, () => void>();
  const keeper = keeperOf(host, session, tell);
  // What anybody sees has been kept before: a page may be gone the moment after.
  const outbox: DrillTaskNews[] = [];
  const flush = (): void => {
    for (const news of outbox.splice(0)) tell(news);
  };
  const tellKept = (news: DrillTaskNews): void => {
    outbox.push(news);
    if (!keeper.isBehind()) flush();
  };
  turns.hear = (message) => answer(host, listening, message as NumberedCall, tellKept);
  let before = performance.now();
  let published = 0;
  let isReplayed = false;
  let isTakenUp = past === undefined;
  while (!turns.isAborted) {
    const began = performance.now();
    host.step((began - before) / 1000, () => performance.now() - began > turnMilliseconds);
    before = began;
    if (!isTakenUp && host.pace.state !== 'preparing') {
      isTakenUp = true;
      tell({ kind: 'drill-taken-up', isSame: session.digest() === past?.digest, engine: past?.engine ?? '' });
    }
    keeper.keep(began);
    flush();
    if (began - published >= publishMilliseconds) {
      host.publish();
      published = performance.now();
    }
    if (host.pace.state === 'over' && !isReplayed) {
      isReplayed = true;
      host.publish();
      tell({ kind: 'drill-replayed', replayed: replayedOf(session, drillFile(session)) });
    }
    const isBusy = host.pace.state === 'preparing' || host.pace.isBehind;
    if (isBusy) await turns.take();
    else await rest(restMilliseconds);
  }
}

/** What a page has kept may have been changed by anybody: it is read by the rules of files. */
function checkedPast({ setup }: DrillSession, kept: KeptPast): KeptPast {
  const { log, untilSeconds, engine, digest } = kept;
  const file = { schema: drillSchema, setup, log, untilSeconds, engine, digest };
  return { ...kept, log: readDrillFile(file, 'the drill that was kept').log };
}

/** Has the page keep what is needed to take the drill up. */
interface Keeper {
  /** Tells what has to be kept, when it has changed; after a step, since what was done last takes effect in it. */
  keep(now: number): void;
  /** Whether something was done that was not told yet. */
  isBehind(): boolean;
}

function keeperOf(host: DrillHost, session: DrillSession, tell: (news: DrillTaskNews) => void): Keeper {
  let told = { entries: -1, at: -Infinity, state: 'preparing' };
  const isBehind = (): boolean => host.pace.state !== 'preparing' && session.log.length !== told.entries;
  const keep = (now: number): void => {
    const { state } = host.pace;
    const entries = session.log.length;
    if (state === 'preparing') return;
    const isNew = entries !== told.entries || state !== told.state;
    if (!isNew && (state !== 'running' || now - told.at < keepMilliseconds)) return;
    told = { entries, at: now, state };
    const past = { log: [...session.log], untilSeconds: session.now, digest: session.digest(), engine: engineVersion };
    tell({ kind: 'drill-kept', past: { ...past, state } });
  };
  return { keep, isBehind };
}

async function sessionOf(order: DrillOrder): Promise<DrillSession> {
  const { source, seed, trainees, difficulty, colleagues, hintsAllowed, startSeconds, endSeconds } = order;
  const { document, scenario } = await readRequest({ source, seed });
  checkLimits(scenario);
  return new DrillSession(
    { document, seed, trainees, difficulty, colleagues, hintsAllowed, startSeconds, endSeconds },
    { frames: { everySeconds: frameSeconds } },
  );
}

/** One message of the page: a call for the host, or the wish to be told, or not any more. */
function answer(
  host: DrillHost,
  listening: Map<string, () => void>,
  { number, call }: NumberedCall,
  tell: (news: DrillTaskNews) => void,
): void {
  try {
    if (call.kind === 'subscribe') {
      const { token } = call;
      listening.get(token)?.();
      listening.set(
        token,
        host.subscribe(token, (news) => tell({ kind: 'drill-news', token, news })),
      );
      tell({ kind: 'drill-answer', number });
    } else if (call.kind === 'unsubscribe') {
      listening.get(call.token)?.();
      listening.delete(call.token);
      tell({ kind: 'drill-answer', number });
    } else {
      const { kind, ...body } = call;
      tell({ kind: 'drill-answer', number, answer: host.call(readDrillCall(kind, body)) });
    }
  } catch (error) {
    tell({ kind: 'drill-answer', number, problem: problemsOf(error).join('\n') });
  }
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
