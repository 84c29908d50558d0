/**
 * What is wrong with a document, all of it at once: each problem with its place, its path, what was expected and what
 * came. Bad input of every kind (scenario files, mitigation lists, assignments) ends in this error and no other.
 */

/** Place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong. */
export interface DocumentProblem {
  /** Path into the document, such as `clusters[2].apiServers.memory`; empty for the document as a whole. */
  readonly path: string;
  /** Expected and got, in one clause. */
  readonly message: string;
  /** Known for documents that came as text. */
  readonly position?: Position;
}

/** At most this many problems are printed; the rest is counted. */
const shownProblems = 20;

/** A document that cannot be used. `message` has one line per problem. */
export class DocumentError extends Error {
  /** File name, or what else the document is called in messages. */
  readonly origin: string;
  readonly problems: readonly DocumentProblem[];

  /** `omitted` counts problems that were met but are not in the list. */
  constructor(origin: string, problems: readonly DocumentProblem[], omitted = 0) {
    super(describe(origin, problems, omitted));
    this.name = 'DocumentError';
    this.origin = origin;
    this.problems = problems;
  }
}

function describe(origin: string, problems: readonly DocumentProblem[], omitted: number): string {
  const lines = problems.slice(0, shownProblems).map((problem) => line(origin, problem));
  const rest = problems.length - lines.length + omitted;
  if (rest > 0) lines.push(`${origin}: and ${rest} more ${rest === 1 ? 'problem' : 'problems'}`);
  return lines.join('\n');
}

/** `file.yaml:3:8 clusters[2].apiServers.memory: expected ...`; without a position `file.yaml: ...`. */
function line(origin: string, { path, message, position }: DocumentProblem): string {
  if (position === undefined) return [origin, path, message].filter((part) => part !== '').join(': ');
  const place = `${origin}:${position.line}:${position.column}`;
  return path === '' ? `${place}: ${message}` : `${place} ${path}: ${message}`;
}
