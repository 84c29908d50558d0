/**
 * What a flag of Kubernetes is, as data: its upstream name, the component that reads it, its type, its default in every
 * release, the range upstream accepts, where that stands, and what it drives in this model, or that it drives nothing.
 */
import { type Duration, hours, minutes, ms, seconds } from '@brownout/core';
import { isSince, type KubernetesRelease, kubernetesReleases } from './release.ts';

/** Who reads a setting. For kubelet and CoreDNS they are fields of a configuration, for a static pod those of its manifest. */
export const components = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'etcd',
  'static-pod',
  'coredns',
] as const;

/** A component by name. */
export type Component = (typeof components)[number];

/**
 * How upstream writes a value, and so how a document does. `duration` is Go's form ("1m0s"); `seconds` and `milliseconds`
 * are whole numbers of that unit; `bytes` is a whole number of bytes. A document may also write those with their unit.
 */
export type FlagKind =
  | 'count'
  | 'number'
  | 'duration'
  | 'seconds'
  | 'milliseconds'
  | 'bytes'
  | 'boolean'
  | 'text'
  | 'gates';

/** A value in base units: microseconds for times, bytes for sizes; gates are a record of their own (feature-gates.ts). */
export type FlagValue = number | boolean | string;

/** One flag. */
export interface FlagDefinition {
  /** Upstream name without dashes in front, or path of the field. */
  readonly name: string;
  readonly component: Component;
  readonly kind: FlagKind;
  /** Defaults in base units: each holds from its release until the next one. The first release is where the flag is known. */
  readonly defaults: readonly (readonly [since: KubernetesRelease, value: FlagValue])[];
  /** Range that upstream's validation accepts, in base units, both inclusive. Absent = upstream does not check. */
  readonly min?: number;
  readonly max?: number;
  /** First release without the flag; absent = still there. */
  readonly removedIn?: KubernetesRelease;
  /** Repository and file in which the default stands. */
  readonly source: string;
  /** What it sets in this model; `undefined` = accepted, not modelled. */
  readonly models: string | undefined;
}

/** Default of `flag` in `release`; undefined when that release has no such flag. */
export function defaultOf(flag: FlagDefinition, release: KubernetesRelease): FlagValue | undefined {
  if (flag.removedIn !== undefined && isSince(release, flag.removedIn)) return undefined;
  return flag.defaults.findLast(([since]) => isSince(release, since))?.[1];
}

/** First release, of those known here, that has `flag`. */
export function firstRelease(flag: FlagDefinition): KubernetesRelease {
  return flag.defaults[0]![0];
}

/** Written form of a default: a number of seconds for a time, Go's form for a duration. */
export function defaultText(flag: FlagDefinition, value: FlagValue): string {
  if (typeof value !== 'number') return value === '' ? '(none)' : String(value);
  switch (flag.kind) {
    case 'duration':
      return durationText(value);
    case 'seconds':
      return String(value / seconds(1));
    case 'milliseconds':
      return String(value / ms(1));
    default:
      return String(value);
  }
}

/** Go's form of a duration, in the fewest units that are whole: "1m0s" is written "1m". */
export function durationText(value: number): string {
  if (value === 0) return '0s';
  for (const [unit, size] of [
    ['h', hours(1)],
    ['m', minutes(1)],
    ['s', seconds(1)],
    ['ms', ms(1)],
  ] as const) {
    if (value % size === 0) return `${value / size}${unit}`;
  }
  return `${value}us`;
}

/** Writes the rows of one component: `row(name, kind, default, source, models, more)`. */
export type FlagRow = (
  name: string,
  kind: FlagKind,
  value: FlagValue | Duration | readonly (readonly [KubernetesRelease, FlagValue])[],
  source: string,
  models?: string,
  more?: Pick<FlagDefinition, 'min' | 'max' | 'removedIn'>,
) => FlagDefinition;

/** A writer of rows of `component`. A single value is the default of every release. */
export function rowsOf(component: Component): FlagRow {
  return (name, kind, value, source, models, more = {}) => ({
    name,
    component,
    kind,
    defaults: typeof value === 'object' ? value : [[kubernetesReleases[0], value]],
    source,
    models,
    ...more,
  });
}
