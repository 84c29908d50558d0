import {
  documentHash,
  engineVersion,
  readRecordLine,
  replicationKey,
  replicationLine,
  runsOf,
  seedAt,
  type Job,
  type Replication,
  type ScenarioDocument,
  type SeedRange,
  type Wanted,
} from '@brownout/scenarios';
import { createHash } from 'node:crypto';
import type { RunMaker } from '../pool/pool.ts';

/**
 * What one machine asks of another, whatever carries it there. A study wants runs; runs of one document under consecutive
 * seeds become a ticket; whoever takes the ticket makes the runs and answers with their lines. A ticket is small: documents
 * travel beside it, once, under their hash.
 *
 *     wanted runs ── ticketsOf ──► tickets ── carried ──► jobOf ticket ── runs ──► answerText ── carried ──► readAnswer
 *
 * A run is a function of its document, its seed and the engine, so a ticket may be carried twice and answered twice: the
 * answers are equal, and each replication is counted once.
 */

/** A job without its document. Plain data of a few hundred bytes. */
export interface Ticket {
  /** Version of the engine that must make it. */
  readonly engine: string;
  /** Hash of the document. */
  readonly hash: string;
  /** Seconds after the trigger at which the runs end early; `null` = at the end of the document's horizon. */
  readonly until: number | null;
  readonly seeds: SeedRange;
}

/** A ticket that cannot be answered here: another engine, another document. Trying again does not help. */
export class RefusedTicket extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusedTicket';
  }
}

/** What wanted runs are cut into. */
export interface Cut {
  readonly tickets: readonly Ticket[];
  /** The documents of the tickets by hash. */
  readonly documents: ReadonlyMap<string, ScenarioDocument>;
  /** What tells each wanted run from every other; in the order wanted. */
  readonly runs: readonly RunName[];
}

/** What tells a run from every other, see `replicationKey`. */
export type RunName = Pick<Replication, 'engine' | 'hash' | 'until' | 'seed'>;

/**
 * Cuts wanted runs into tickets of at most `seedsPerJob` consecutive seeds of one document, in the order wanted. The same
 * runs give the same tickets; a run that is wanted twice is asked for once.
 */
export function ticketsOf(wanted: readonly Wanted[], seedsPerJob: number): Cut {
  const hashes = new Map<ScenarioDocument, string>();
  const documents = new Map<string, ScenarioDocument>();
  const runs: RunName[] = [];
  const asked = new Set<string>();
  const tickets: Ticket[] = [];
  for (const { document, seed, untilSeconds } of wanted) {
    const hash = hashes.get(document) ?? documentHash(document);
    hashes.set(document, hash);
    documents.set(hash, document);
    const until = untilSeconds ?? null;
    const run = { engine: engineVersion, hash, until, seed };
    const key = replicationKey(run);
    runs.push(run);
    if (asked.has(key)) continue;
    asked.add(key);
    const last = tickets.at(-1);
    if (last?.hash === hash && last.until === until && continues(last.seeds, seed, seedsPerJob)) {
      tickets[tickets.length - 1] = { ...last, seeds: { ...last.seeds, count: last.seeds.count + 1 } };
    } else {
      tickets.push({ engine: engineVersion, hash, until, seeds: rangeFrom(seed) });
    }
  }
  return { tickets, documents, runs };
}

function continues(seeds: SeedRange, seed: string, seedsPerJob: number): boolean {
  return seeds.count < seedsPerJob && seedAt(seeds.base, seeds.first + seeds.count) === seed;
}

/** The range of one seed, in the one form that equal ranges have: `7` begins itself, `a/2` is the third of `a`. */
function rangeFrom(seed: string): SeedRange {
  const [, base, index] = /^(.+)\/([1-9]\d{0,14})$/.exec(seed) ?? [];
  if (base !== undefined && seedAt(base, Number(index)) === seed) return { base, first: Number(index), count: 1 };
  return { base: seed, first: 0, count: 1 };
}

/** The same runs as tickets of one seed each: what a ticket becomes when one of its runs breaks down. */
export function splitTicket(ticket: Ticket): Ticket[] {
  return expectedRuns(ticket).map(({ seed }) => ({ ...ticket, seeds: rangeFrom(seed) }));
}

/** What names a ticket: equal tickets, wherever they were written, have equal ids. */
export function ticketId({ engine, hash, until, seeds }: Ticket): string {
  const said = JSON.stringify([engine, hash, until, seedAt(seeds.base, seeds.first), seeds.count]);
  return `job-${createHash('sha256').update(said).digest('hex').slice(0, 32)}`;
}

/** A ticket for people: `document 1f0c… seeds 5 to 8`. */
export function ticketText({ hash, until, seeds }: Ticket): string {
  const first = seedAt(seeds.base, seeds.first);
  const last = seedAt(seeds.base, seeds.first + seeds.count - 1);
  const range = seeds.count === 1 ? `seed ${first}` : `seeds ${first} to ${last}`;
  return `document ${hash} ${range}${until === null ? '' : ` until ${until} s`}`;
}

/** Reads a ticket as it was carried. Throws `RefusedTicket` for data that is none. */
export function readTicket(data: unknown): Ticket {
  const { engine, hash, until, seeds } = (data ?? {}) as Partial<Ticket>;
  const isTicket =
    typeof engine === 'string' &&
    typeof hash === 'string' &&
    (until === null || typeof until === 'number') &&
    typeof seeds?.base === 'string' &&
    Number.isSafeInteger(seeds.first) &&
    Number.isSafeInteger(seeds.count) &&
    seeds.count >= 1;
  if (isTicket) return { engine, hash, until, seeds };
  throw new RefusedTicket(`a job that is none of ours: ${JSON.stringify(data)?.slice(0, 200)}`);
}

/** Throws `RefusedTicket` unless this engine may make the ticket: results of two engines must not be mixed. */
export function checkEngine({ engine }: Ticket): void {
  if (engine === engineVersion) return;
  throw new RefusedTicket(
    `the job asks for engine ${engine}, this worker runs engine ${engineVersion}. ` +
      'Results of two engines are not mixed: start workers of the version that asks, and stop the others.',
  );
}

/** The job of a ticket. Throws `RefusedTicket` unless the document is the one that the ticket names. */
export function jobOfTicket({ hash, until, seeds }: Ticket, document: ScenarioDocument): Job {
  const got = documentHash(document);
  if (got !== hash) {
    throw new RefusedTicket(`the job names document ${hash}, the document under that name has hash ${got}`);
  }
  return { document, hash, seeds, ...(until === null ? {} : { untilSeconds: until }) };
}

/** The runs of a ticket as their results say who they are. */
export function expectedRuns(ticket: Ticket): { readonly seed: string; readonly key: string }[] {
  return Array.from({ length: ticket.seeds.count }, (_, i) => {
    const seed = seedAt(ticket.seeds.base, ticket.seeds.first + i);
    return { seed, key: replicationKey({ ...ticket, seed }) };
  });
}

/** Makes a ticket's runs and returns the text of the answer. Rejects as the maker does. */
export async function answerTicket(
  ticket: Ticket,
  document: ScenarioDocument,
  maker: RunMaker,
  signal: AbortSignal,
): Promise<string> {
  const job = jobOfTicket(ticket, document);
  return (await maker.make(runsOf(job), { signal })).map(replicationLine).join('\n');
}

/**
 * Reads the answer to a ticket. Throws RangeError unless it holds exactly the runs that were asked for, in order, each with
 * a right checksum.
 */
export function readAnswer(ticket: Ticket, text: string): Replication[] {
  const lines = text.split('\n');
  const expected = expectedRuns(ticket);
  if (lines.length !== expected.length) {
    throw new RangeError(`answer to ${ticketText(ticket)}: expected ${expected.length} lines, got ${lines.length}`);
  }
  return expected.map(({ seed, key }, index) => {
    const read = readRecordLine(lines[index]!);
    const where = `answer to ${ticketText(ticket)}, line ${index + 1}`;
    if (read.kind === 'damaged') throw new RangeError(`${where}: ${read.reason}`);
    if (read.kind !== 'replication') throw new RangeError(`${where}: expected a replication, got a ${read.kind}`);
    if (replicationKey(read.replication) === key) return read.replication;
    const { engine, hash, seed: gotSeed } = read.replication;
    throw new RangeError(
      `${where}: expected seed ${seed} of document ${ticket.hash} by engine ${ticket.engine}, ` +
        `got seed ${gotSeed} of document ${hash} by engine ${engine}`,
    );
  });
}
