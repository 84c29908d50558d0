/**
 * A drill that plays itself: who takes part and what they do when, as data. Read by the rules of documents, so times have units
 * and what cannot be understood is refused with its place. Nothing in it says what comes of it.
 *
 *     trainees: { ana: [platform], bo: [commander, networking] }
 *     until: 2 h
 *     actions:
 *       - { at: 22 min, by: bo, line: pipeline stop }
 *       - { after: 30 s, by: ana, line: kubectl --context large-1 get nodes }
 */
import * as z from 'zod';
import type { FaultDocument } from '../live/live-input.ts';
import { lazily } from '../scenario/lazily.ts';
import type { DocumentText } from '../scenario/load.ts';
import { parseDocument } from '../scenario/parse.ts';
import { duration } from '../scenario/quantity.ts';
import { difficulties } from './difficulty.ts';
import { type Facilitation, longestLine, mostEntries, type TraineeDeed } from './drill-log.ts';
import type { DrillSetup } from './drill-setup.ts';

/** When something is done: at a time, in seconds after the trigger, or so long after that trainee's last command has come back. */
export type ScriptMoment = { readonly at: number } | { readonly after: number };

/** Something that somebody does. */
export interface ScriptAction {
  readonly moment: ScriptMoment;
  /** Absent: the only trainee, or the facilitator for what only that one can do. */
  readonly by: string | undefined;
  readonly deed: TraineeDeed | Facilitation;
}

/** A script, read. */
export interface DrillScript {
  /** What it says of the setup. */
  readonly setup: Partial<Omit<DrillSetup, 'document'>>;
  readonly actions: readonly ScriptAction[];
}

const text = lazily(() => z.string().min(1).max(longestLine));
const isTrue = lazily(() => z.literal(true));

/** What may be done, by the key that says it; each action has one of them. */
const deeds = lazily(() =>
  z.strictObject({
    line: text().optional(),
    push: text().optional(),
    interrupt: isTrue().optional(),
    acknowledge: text().optional(),
    note: text().optional(),
    message: text().optional(),
    hint: z.union([isTrue(), text()]).optional(),
    // What a fault may say is checked where it is injected.
    fault: z.record(z.string().max(60), z.unknown()).optional(),
  }),
);

const action = lazily(() =>
  deeds()
    .extend({
      at: duration({ min: -Infinity }).optional(),
      after: duration().optional(),
      by: text().optional(),
      cluster: text().optional(),
      to: text().optional(),
    })
    .superRefine((one, context) => {
      const refuse = (keys: readonly string[]): void => {
        const named = keys.filter((key) => one[key as keyof typeof one] !== undefined);
        if (named.length === 1) return;
        const got = named.length === 0 ? 'none' : named.join(' and ');
        context.addIssue({ code: 'custom', message: `expected one of ${keys.join(', ')}, got ${got}` });
      };
      refuse(['at', 'after']);
      refuse(Object.keys(deeds().shape));
    }),
);

const script = lazily(() =>
  z.strictObject({
    trainees: z.record(z.string(), z.array(text())).optional(),
    difficulty: z.enum(difficulties.map(({ id }) => id)).optional(),
    colleagues: z.enum(['by-difficulty', 'nobody']).optional(),
    seed: z.union([z.string(), z.number()]).optional(),
    start: duration({ min: -Infinity }).optional(),
    until: duration({ min: -Infinity }).optional(),
    hints: z.boolean().optional(),
    actions: z.array(action()).max(mostEntries).default([]),
  }),
);

/** Reads a script. Throws `DocumentError` with every problem; `origin` as for scenario documents. */
export function readDrillScript(data: unknown, origin: string | DocumentText): DrillScript {
  const { trainees, difficulty, colleagues, seed, start, until, hints, actions } = parseDocument(
    script(),
    data,
    origin,
  );
  return {
    setup: {
      ...(trainees === undefined
        ? {}
        : { trainees: Object.entries(trainees).map(([name, roles]) => ({ name, roles })) }),
      ...(difficulty === undefined ? {} : { difficulty }),
      ...(colleagues === undefined ? {} : { colleagues }),
      ...(seed === undefined ? {} : { seed: String(seed) }),
      ...(start === undefined ? {} : { startSeconds: start / 1_000_000 }),
      ...(until === undefined ? {} : { endSeconds: until / 1_000_000 }),
      ...(hints === undefined ? {} : { hintsAllowed: hints }),
    },
    actions: actions.map((one) => ({ moment: momentOf(one), by: one.by, deed: deedOf(one) })),
  };
}

type ReadAction = z.output<ReturnType<typeof action>>;

function momentOf({ at, after }: ReadAction): ScriptMoment {
  return at === undefined ? { after: after! / 1_000_000 } : { at: at / 1_000_000 };
}

function deedOf(one: ReadAction): TraineeDeed | Facilitation {
  if (one.line !== undefined) return { kind: 'line', line: one.line };
  if (one.push !== undefined) {
    return { kind: 'button', button: one.push, ...(one.cluster === undefined ? {} : { cluster: one.cluster }) };
  }
  if (one.interrupt !== undefined) return { kind: 'interrupt' };
  if (one.acknowledge !== undefined) return { kind: 'acknowledge', alert: one.acknowledge };
  if (one.note !== undefined) return { kind: 'note', text: one.note };
  if (one.message !== undefined) return { kind: 'message', text: one.message };
  if (one.fault !== undefined) return { kind: 'fault', fault: one.fault as FaultDocument };
  return {
    kind: 'hint',
    ...(one.to === undefined ? {} : { to: one.to }),
    ...(typeof one.hint === 'string' ? { text: one.hint } : {}),
  };
}
