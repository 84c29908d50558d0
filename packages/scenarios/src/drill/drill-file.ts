/**
 * A session as a file, `brownout/drill@1`: its setup and what people did. It holds no result but the digest: played again it
 * gives the same views, answers and digest, or it says that it does not. Files come from anywhere; every part is checked
 * before anything runs, and what is too large is refused.
 */
import * as z from 'zod';
import { completeDocument } from '../scenario/complete.ts';
import { DocumentError } from '../scenario/document-error.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import { lazily } from '../scenario/lazily.ts';
import { freezeDeep, jsonOf } from '../scenario/load.ts';
import { parseDocument, parseScenario } from '../scenario/parse.ts';
import type { StepOptions } from '../scenario/scenario-run.ts';
import { show } from '../scenario/wording.ts';
import { engineVersion } from '../version.ts';
import { difficulties } from './difficulty.ts';
import { type DrillEntry, longestLine, mostEntries } from './drill-log.ts';
import { DrillSession, type DrillSessionOptions } from './drill-session.ts';
import { type DrillSetup, FACILITATOR, longestSeed, mostTrainees } from './drill-setup.ts';

/** Written into every file; another number after the `@` means another format. */
export const drillSchema = 'brownout/drill@1';

/** See the head of this file. Plain data. */
export interface DrillFile {
  readonly schema: typeof drillSchema;
  /** Version of the engine that ran it. */
  readonly engine: string;
  readonly setup: DrillSetup;
  readonly log: readonly DrillEntry[];
  /** Where it stood when it was saved, in seconds after the trigger. */
  readonly untilSeconds: number;
  readonly digest: string;
}

/** Characters of a file at most. */
export const longestDrillFile = 4_000_000;
/** Entries are checked so many at a time. */
const CHUNK = 200;

const seconds = lazily(() => z.number().min(-1e7).max(1e7));
const name = lazily(() => z.string().min(1).max(60));
const line = lazily(() => z.string().max(longestLine));

const setup = lazily(() =>
  z.strictObject({
    document: z.unknown(),
    seed: z.string().min(1).max(longestSeed).optional(),
    trainees: z
      .array(z.strictObject({ name: name(), roles: z.array(name()).min(1).max(12) }))
      .min(1)
      .max(mostTrainees),
    difficulty: z.enum(difficulties.map(({ id }) => id)).optional(),
    colleagues: z.enum(['by-difficulty', 'nobody']).optional(),
    startSeconds: seconds().optional(),
    endSeconds: seconds().optional(),
    spareApiServers: z.number().int().min(0).max(10).optional(),
    hintsAllowed: z.boolean().optional(),
  }),
);

const head = lazily(() =>
  z.strictObject({
    schema: z.literal(drillSchema),
    engine: z.string().min(1).max(40),
    setup: setup(),
    untilSeconds: seconds(),
    digest: z.string().min(1).max(100),
  }),
);

const entries = lazily(() => {
  const common = { t: seconds(), by: name() };
  const of = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
    z.strictObject({ ...common, kind: z.literal(kind), ...shape });
  return z.array(
    z.discriminatedUnion('kind', [
      of('line', { line: line() }),
      of('button', { button: name(), cluster: name().optional() }),
      of('interrupt', {}),
      of('acknowledge', { alert: name() }),
      // What a fault may say is checked where it is injected.
      of('fault', { fault: z.record(z.string().max(60), z.unknown()) }),
      of('note', { text: line() }),
      of('hint', { to: name().optional(), text: line().optional() }),
      of('message', { text: line() }),
      of('pause', {}),
      of('resume', {}),
    ]),
  );
});

/** The file of a session as it stands. */
export function drillFile(session: DrillSession): DrillFile {
  return {
    schema: drillSchema,
    engine: engineVersion,
    setup: session.setup,
    log: [...session.log],
    untilSeconds: session.now,
    digest: session.digest(),
  };
}

/** Reads a file from its text. Throws `DocumentError` with what was expected and what came. */
export function readDrillText(text: string, origin: string): DrillFile {
  if (text.length > longestDrillFile) {
    throw problem(origin, '', `expected at most ${longestDrillFile} characters, got ${text.length}`);
  }
  return readDrillFile(jsonOf(text, origin), origin);
}

/** The same from data. */
export function readDrillFile(data: unknown, origin: string): DrillFile {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw problem(origin, '', `expected keys and values, got ${show(data)}`);
  }
  const { log, ...rest } = data as Record<string, unknown>;
  const read = parseDocument(head(), rest, origin);
  if (!Array.isArray(log)) throw problem(origin, 'log', `expected a list, got ${show(log)}`);
  if (log.length > mostEntries) {
    throw problem(origin, 'log', `expected at most ${mostEntries} entries, got ${log.length}`);
  }
  const checked: DrillEntry[] = [];
  for (let first = 0; first < log.length; first += CHUNK) {
    const part: unknown = log.slice(first, first + CHUNK);
    checked.push(...(parseDocument(entries(), part, `${origin}: log from entry ${first}`) as DrillEntry[]));
  }
  const document = completeDocument(read.setup.document) as ScenarioDocument;
  const { horizon } = parseScenario(document, `${origin}: setup.document`);
  const names = read.setup.trainees.map((trainee) => trainee.name);
  const [earliest, latest] = [horizon.start / 1_000_000, horizon.end / 1_000_000];
  let last = earliest;
  checked.forEach(({ t, by }, index) => {
    if (!(t >= last && t <= latest)) {
      throw problem(origin, `log[${index}].t`, `expected a time from ${last} to ${latest} s, got ${t}`);
    }
    if (by !== FACILITATOR && !names.includes(by)) {
      throw problem(origin, `log[${index}].by`, `expected ${[...names, FACILITATOR].join(', ')}, got ${show(by)}`);
    }
    last = t;
  });
  return freezeDeep({ ...read, setup: { ...read.setup, document }, log: checked } as DrillFile);
}

/** What a file played again has come to. */
export interface ReplayedDrill {
  readonly session: DrillSession;
  /** Whether it has come to the digest of the file; another version of the engine may come to another. */
  readonly isSame: boolean;
}

/**
 * Plays a file again, to where it was saved. Throws RangeError for an entry that cannot be made; undefined when it was
 * aborted on the way.
 */
export function replayDrill(
  file: DrillFile,
  options: DrillSessionOptions & StepOptions = {},
): ReplayedDrill | undefined {
  const { frames, ...steps } = options;
  const session = new DrillSession(file.setup, { frames });
  for (const entry of file.log) {
    if (!session.advanceTo(entry.t, steps)) return undefined;
    session.redo(entry);
  }
  if (!session.advanceTo(file.untilSeconds, steps)) return undefined;
  return { session, isSame: session.digest() === file.digest };
}

function problem(origin: string, path: string, message: string): DocumentError {
  return new DocumentError(origin, [{ path, message }]);
}
