/**
 * A run as something to send: everything that decides it, as the text of a link or as a file, and what came out of it where it
 * was made. Rewind is replay, so is sharing: whoever opens it runs the same again and sees whether the digest is the same.
 *
 *     v=1&incident=openai-2024-12-11&seed=1&mitigate=staged-rollout:bake%3D30min&set=agent.period%3D5%20min&engine=0.1.0&digest=…
 *
 * The text stands behind the `#` of an address, which browsers do not send to anybody. It is not compressed: an incident with
 * a few changes is shorter than what a compressor adds, and what is not unpacked cannot grow. A document of one's own makes a
 * long link; beyond `longestLink` it takes a file. Reading trusts nothing: read-shared-run.ts.
 */
import type { LiveAction } from './live-input.ts';

/** Written into every file; another number after the `@` means another format. */
export const sharedRunSchema = 'brownout/run@1';

/** Longest text of a link, in characters: browsers take more, mail and chat programs often less. */
export const longestLink = 100_000;

/** Where the document comes from. */
export type SharedSource =
  | { readonly kind: 'incident'; readonly id: string }
  /** The document itself: YAML, or JSON when the name ends in `.json`. */
  | { readonly kind: 'text'; readonly name: string; readonly text: string };

/** Everything that decides a run, and what came of it. */
export interface SharedRun {
  readonly source: SharedSource;
  readonly seed: string;
  /** Assignments `path=value`, done before the mitigations; default none. */
  readonly assignments?: readonly string[] | undefined;
  /** As the command takes them; default none. */
  readonly mitigations?: readonly string[] | undefined;
  /** What people did, in the order of time; default nothing. */
  readonly actions?: readonly LiveAction[] | undefined;
  /** Whether the document's own crew works; default simulated. */
  readonly crew?: 'simulated' | 'none' | undefined;
  /** Ends the run before its horizon, in seconds after the trigger. */
  readonly untilSeconds?: number | undefined;
  /** Version of the engine it was made with. */
  readonly engine: string;
  /** Digest of that run; absent when it had not ended. */
  readonly digest?: string | undefined;
}

/** The text of a link, without `#`. Throws RangeError for a run that is too long for one. */
export function linkText(run: SharedRun): string {
  const { source, seed, assignments = [], mitigations = [], actions = [], crew, untilSeconds, engine, digest } = run;
  const pairs: (readonly [string, string | undefined])[] = [
    ['v', '1'],
    ...(source.kind === 'incident'
      ? ([['incident', source.id]] as const)
      : ([
          ['name', source.name],
          ['text', source.text],
        ] as const)),
    ['seed', seed],
    ...assignments.map((text) => ['set', text] as const),
    ...mitigations.map((text) => ['mitigate', text] as const),
    ['crew', crew === 'none' ? crew : undefined],
    ['until', untilSeconds === undefined ? undefined : String(untilSeconds)],
    ['log', actions.length === 0 ? undefined : JSON.stringify(actions)],
    ['engine', engine],
    ['digest', digest],
  ];
  const written = pairs.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${escaped(value)}`])).join('&');
  if (written.length > longestLink) {
    throw new RangeError(
      `link: expected at most ${longestLink} characters, got ${written.length}; save the run as a file instead`,
    );
  }
  return written;
}

/** The text of a file. */
export function runFileText(run: SharedRun): string {
  return `${JSON.stringify({ schema: sharedRunSchema, ...run }, null, 2)}\n`;
}

/** Whether a text looks like such a file, rather than like a scenario document. */
export function isRunFile(text: string): boolean {
  return text.slice(0, 2000).includes(`"${sharedRunSchema}"`);
}

/** What to tell somebody whose run differs from the one that was sent; undefined when it is the same, or nobody knows. */
export function sharedRunDifference(
  shared: Pick<SharedRun, 'engine' | 'digest'>,
  here: { readonly engineVersion: string; readonly digest: string },
): string | undefined {
  if (shared.digest === undefined || shared.digest === here.digest) return undefined;
  const why =
    shared.engine === here.engineVersion
      ? `the same version of the engine, ${here.engineVersion}, so the two programs differ all the same`
      : `it was made with engine ${shared.engine}, this is ${here.engineVersion}`;
  return `Not the run that was shared: its digest was ${shared.digest}, here it is ${here.digest} (${why}).`;
}

/** Percent-encoded, but for what reads well and survives in addresses. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(?:3A|2C|2F)/g, (code) => decodeURIComponent(code));
}
