import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from './lazily.ts';
import { flagsOf } from '../kubernetes/profiles/catalogue.ts';
import {
  type Component,
  components,
  defaultOf,
  defaultText,
  type FlagDefinition,
  type FlagKind,
  firstRelease,
} from '../kubernetes/profiles/flag.ts';
import { type ProfileName, profileNames } from '../kubernetes/profiles/release.ts';
import type { FlagOverrides } from '../kubernetes/profiles/resolve.ts';
import { didYouMean } from './nearest-name.ts';
import { bytes, count, duration, number, type Quantity, quantity } from './quantity.ts';
import type { Stated } from './provenance.ts';
import type { Reading } from './units.ts';
import { show } from './wording.ts';

/**
 * `kubernetes.profile` and `kubernetes.flags` of a document: flags of every component under their upstream names, written as
 * upstream writes them or with a unit. Types are checked here; what upstream refuses, and which release knows which flag, is
 * checked by kubernetes/profiles.
 */

/** Flags as they are written: by component, then by upstream name. */
export type FlagsDocument = Readonly<
  Partial<Record<Component, Readonly<Record<string, Stated<string | number | boolean | GatesDocument>>>>>
>;

/** `{ WatchList: false }`, or upstream's "WatchList=false,OtherGate=true". */
export type GatesDocument = Readonly<Record<string, boolean>>;

/** A profile as it is written. YAML reads an unquoted 2024 or 1.31 as a number, and 1.30 as 1.3. */
export type ProfileDocument = ProfileName | number;

/** The profile, by name. */
export const profileSchema: () => Quantity<ProfileDocument, ProfileName> = lazily(() =>
  quantity({ anyOf: [{ enum: profileNames }, { type: 'number' }] }, (bare) => {
    const name = typeof bare === 'number' ? nameOfNumber(bare) : bare;
    const found = profileNames.find((one) => one === name);
    if (found !== undefined) return { value: found };
    const known = profileNames.filter((one) => !one.startsWith('managed-'));
    const hint = typeof name === 'string' ? didYouMean(name, profileNames) : '';
    return { problem: `expected one of ${known.join(', ')}, or managed- and a release, got ${show(bare)}${hint}` };
  }),
);

function nameOfNumber(number: number): string {
  const text = String(number);
  return profileNames.find((one) => one === text || one === `${text}0`) ?? text;
}

const anyTime = { min: -Infinity };

const forms: Readonly<Record<FlagKind, () => z.ZodType>> = {
  count: () => count(anyTime),
  number: () => number(),
  duration: () => duration(anyTime),
  seconds: () => wholeOrWithUnit('seconds', 1_000_000, duration(anyTime)),
  milliseconds: () => wholeOrWithUnit('milliseconds', 1000, duration(anyTime)),
  bytes: () => wholeOrWithUnit('bytes', 1, bytes(anyTime)),
  boolean: () =>
    quantity<boolean, boolean>({ type: 'boolean' }, (bare) =>
      typeof bare === 'boolean' ? { value: bare } : { problem: `expected true or false, got ${show(bare)}` },
    ),
  text: () =>
    quantity<string | number | boolean, string>({ type: ['string', 'number', 'boolean'] }, (bare) =>
      typeof bare === 'string' || typeof bare === 'number' || typeof bare === 'boolean'
        ? { value: String(bare) }
        : { problem: `expected a text, got ${show(bare)}` },
    ),
  gates: () =>
    quantity<GatesDocument | string, GatesDocument>(
      { anyOf: [{ type: 'object', additionalProperties: { type: 'boolean' } }, { type: 'string' }] },
      readGates,
    ),
};

/** The flags of all components; unknown ones are refused with the nearest right name. */
export const flagsSchema: () => z.ZodType<FlagOverrides, FlagsDocument> = lazily(
  () =>
    z.strictObject(
      Object.fromEntries(components.map((component) => [component, componentSchema(component).optional()])),
    ) as unknown as z.ZodType<FlagOverrides, FlagsDocument>,
);

function componentSchema(component: Component): z.ZodType {
  const flags = flagsOf[component].map(
    (flag) => [flag.name, valueSchema(flag).optional().describe(about(flag))] as const,
  );
  return z.strictObject(Object.fromEntries(flags));
}

/** What an editor shows beside a flag. */
function about(flag: FlagDefinition): string {
  const release = firstRelease(flag);
  const value = defaultText(flag, defaultOf(flag, release)!);
  const effect = flag.models ?? 'accepted, not modelled';
  return `${effect}; default ${value === '' ? '(none)' : value} in ${release}`;
}

function valueSchema(flag: FlagDefinition): z.ZodType {
  return forms[flag.kind]();
}

/** A whole number of `unit`, as upstream writes it, or a text with any unit that `withUnit` reads. */
function wholeOrWithUnit(unit: string, factor: number, withUnit: z.ZodType<Duration | number>): z.ZodType {
  const written = { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  return quantity<number | string, number>(written, (bare) => {
    if (typeof bare === 'number') {
      const value = bare * factor;
      return Number.isSafeInteger(bare) && Number.isSafeInteger(value)
        ? { value }
        : { problem: `expected a whole number of ${unit}, got ${show(bare)}` };
    }
    const read = withUnit.safeParse(bare);
    return read.success ? { value: read.data } : { problem: read.error.issues[0]!.message };
  });
}

function readGates(bare: unknown): Reading<GatesDocument> {
  const expected = 'gates such as { WatchList: false } or "WatchList=false"';
  const entries =
    typeof bare === 'string'
      ? bare.split(',').map((part) => readGate(part.trim()))
      : typeof bare === 'object' && bare !== null && !Array.isArray(bare)
        ? Object.entries(bare)
        : undefined;
  if (entries === undefined) return { problem: `expected ${expected}, got ${show(bare)}` };
  const wrong = entries.find((entry) => typeof entry[1] !== 'boolean');
  if (wrong !== undefined) return { problem: `${wrong[0]}: expected true or false, got ${show(wrong[1])}` };
  return { value: Object.fromEntries(entries) as GatesDocument };
}

function readGate(text: string): readonly [string, unknown] {
  const equals = text.indexOf('=');
  const value = text
    .slice(equals + 1)
    .trim()
    .toLowerCase();
  return [text.slice(0, Math.max(0, equals)).trim(), value === 'true' ? true : value === 'false' ? false : value];
}
