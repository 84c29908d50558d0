/** The rules of a run that somebody sent: strict, and bounded before anything is done with it. */
import * as z from 'zod';
import { lazily } from '../scenario/lazily.ts';
import { longestDocument } from '../scenario/load.ts';
import { shapeProblem } from '../scenario/shape.ts';
import { type SharedRun, sharedRunSchema } from './shared-run.ts';

/** Longest text of a file, in characters: a document of the longest kind, its log, and escapes. */
export const longestFile = 1_500_000;

/** Most changes of either kind, and the longest of one. */
const mostChanges = 50;
const longestChange = 2_000;

/** Most rows of a log: a person who does something every ten seconds for ten hours. */
const mostActions = 3_600;

const line = (longest: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}*$/u, 'expected no control characters');

/** An input is checked for its size and its kind here, and for its meaning by the run that is told it. */
const action = lazily(() =>
  z.strictObject({
    id: z.int().min(0).max(1_000_000),
    t: z.number().min(-1e9).max(1e9),
    input: z.looseObject({ kind: z.enum(['act', 'read', 'fault', 'note']), by: z.string().max(200) }),
  }),
);

const run = lazily(() =>
  z.strictObject({
    schema: z.literal(sharedRunSchema),
    source: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('incident'),
        id: z
          .string()
          .regex(/^[a-z0-9]+(-[a-z0-9]+){0,20}$/)
          .max(100),
      }),
      z.strictObject({
        kind: z.literal('text'),
        name: line(200),
        text: z.string().min(1).max(longestDocument),
      }),
    ]),
    seed: z.string().regex(/^[\x21-\x7e]{1,64}$/, 'expected 1 to 64 printable characters without spaces'),
    assignments: z.array(line(longestChange)).max(mostChanges).optional(),
    mitigations: z.array(line(longestChange)).max(mostChanges).optional(),
    actions: z.array(action()).max(mostActions).optional(),
    crew: z.enum(['simulated', 'none']).optional(),
    untilSeconds: z.number().min(-1e9).max(1e9).optional(),
    engine: line(50),
    digest: z
      .string()
      .regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits')
      .optional(),
  }),
);

/** Data that has the form of a run. Throws RangeError with the first thing that is wrong. `where` is what messages call it. */
export function checkedRun(where: string, data: unknown): SharedRun {
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  if (!isObject) throw new RangeError(`${where}: expected a run, got something else`);
  // The document is one long text; everything else has to have the shape that documents have to have.
  const { source, ...others } = data as Readonly<Record<string, unknown>>;
  const shape = shapeProblem(others) ?? (hasOwnKeys(source) ? forbidden(source) : undefined);
  if (shape !== undefined)
    throw new RangeError([where, shape.path, shape.message].filter((part) => part !== '').join(': '));
  const read = run().safeParse(withoutUndefined(data));
  if (read.success) {
    const { schema: _, ...shared } = read.data;
    // What an input means is checked where it is done.
    return shared as unknown as SharedRun;
  }
  const [issue] = read.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw new RangeError([where, path, issue?.message ?? 'malformed'].filter((part) => part !== '').join(': '));
}

function hasOwnKeys(data: unknown): data is object {
  return typeof data === 'object' && data !== null;
}

/** Keys that reach for prototypes, which would otherwise be called unknown only where objects are strict. */
function forbidden(source: object): { readonly path: string; readonly message: string } | undefined {
  const key = Object.keys(source).find((name) => ['__proto__', 'constructor', 'prototype'].includes(name));
  return key === undefined ? undefined : { path: 'source', message: `the key "${key}" is not allowed` };
}

function withoutUndefined(data: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
