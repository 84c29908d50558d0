/** Flags as a control plane is started with: what is set wins, the profile's release fills the rest, upstream's checks hold. */
import {
  defaultText,
  type Component,
  type FlagDefinition,
  type FlagValue,
  components,
  defaultOf,
  durationText,
  firstRelease,
} from './flag.ts';
import { flagNamed, flagsOf } from './catalogue.ts';
import { gateProblem } from './feature-gates.ts';
import { lockReason } from './managed.ts';
import { type Profile } from './release.ts';

/** Values of feature gates, by name. */
export type GateValues = Readonly<Record<string, boolean>>;

/** Flags that are set, by component and upstream name; values in base units (microseconds, bytes). */
export type FlagOverrides = Readonly<Partial<Record<Component, Readonly<Record<string, FlagValue | GateValues>>>>>;

/** One reason why upstream, or the profile, refuses a setting. */
export interface FlagProblem {
  readonly component: Component;
  readonly flag: string;
  /** Set when one gate of `feature-gates` is meant. */
  readonly gate?: string;
  readonly message: string;
}

/** All that is wrong with `overrides` under `profile`, in reading order. */
export function flagProblems(profile: Profile, overrides: FlagOverrides): readonly FlagProblem[] {
  const problems: FlagProblem[] = [];
  for (const component of components) {
    for (const [flag, value] of Object.entries(overrides[component] ?? {})) {
      const message = problemOf(profile, component, flag, value);
      if (message !== undefined) problems.push({ component, flag, message });
      else if (typeof value === 'object') problems.push(...gateProblems(profile, component, flag, value));
    }
  }
  return problems.length > 0 ? problems : crossProblems(profile, overrides);
}

/** The value of one flag: what is set, or the default of the profile's release; undefined when that has no such flag. */
export function flagValue(
  profile: Profile,
  overrides: FlagOverrides,
  component: Component,
  name: string,
): FlagValue | undefined {
  const flag = flagNamed(component, name);
  if (flag === undefined) throw new RangeError(`profile "${profile.name}": ${component} has no flag "${name}"`);
  const set = overrides[component]?.[name];
  return typeof set === 'object' || set === undefined ? defaultOf(flag, profile.release) : set;
}

/** Gates that `component` is started with beyond their defaults. */
export function gateOverrides(overrides: FlagOverrides, component: Component): GateValues {
  const set = overrides[component]?.['feature-gates'];
  return typeof set === 'object' ? set : {};
}

/** Flags that are set without any effect in this model, as `component --flag`. */
export function unmodelledFlags(overrides: FlagOverrides): readonly string[] {
  return components.flatMap((component) =>
    flagsOf[component]
      .filter((flag) => flag.models === undefined && overrides[component]?.[flag.name] !== undefined)
      .map((flag) => `${component} ${flag.name}`),
  );
}

function problemOf(
  profile: Profile,
  component: Component,
  name: string,
  value: FlagValue | GateValues,
): string | undefined {
  const locked = lockReason(profile, component);
  if (locked !== undefined) return locked;
  const flag = flagNamed(component, name);
  if (flag === undefined) return `${component} has no flag "${name}"`;
  if (defaultOf(flag, profile.release) === undefined) {
    return `${component} of Kubernetes ${profile.release} has no flag "${name}"${whenText(flag)}`;
  }
  return typeof value === 'number' ? rangeProblem(flag, value) : undefined;
}

function whenText(flag: FlagDefinition): string {
  return flag.removedIn === undefined ? `; the first known release with it is ${firstRelease(flag)}` : '';
}

function rangeProblem(flag: FlagDefinition, value: number): string | undefined {
  const { min = -Infinity, max = Infinity } = flag;
  if (value >= min && value <= max) return undefined;
  const range =
    max === Infinity ? `at least ${valueText(flag, min)}` : `${valueText(flag, min)} to ${valueText(flag, max)}`;
  return `expected ${range} (${flag.component} refuses anything else), got ${valueText(flag, value)}`;
}

/** A number with its unit where it has one. */
function valueText(flag: FlagDefinition, value: number): string {
  return flag.kind === 'seconds' || flag.kind === 'milliseconds' ? durationText(value) : defaultText(flag, value);
}

function gateProblems(profile: Profile, component: Component, flag: string, gates: GateValues): FlagProblem[] {
  return Object.entries(gates).flatMap(([gate, value]) => {
    const message = gateProblem(profile.release, gate, value);
    return message === undefined ? [] : [{ component, flag, gate, message }];
  });
}

/** Checks that look at two flags: etcd's election, leader election, and a server without any seat. */
function crossProblems(profile: Profile, overrides: FlagOverrides): readonly FlagProblem[] {
  const problems: FlagProblem[] = [];
  const number = (component: Component, name: string): number => Number(flagValue(profile, overrides, component, name));
  const heartbeat = number('etcd', 'heartbeat-interval');
  if (number('etcd', 'election-timeout') < 5 * heartbeat) {
    const message = `expected at least 5 times heartbeat-interval, ${durationText(5 * heartbeat)}, got ${durationText(number('etcd', 'election-timeout'))}`;
    problems.push({ component: 'etcd', flag: 'election-timeout', message });
  }
  for (const component of ['kube-controller-manager', 'kube-scheduler'] as const) {
    const lease = number(component, 'leader-elect-lease-duration');
    const deadline = number(component, 'leader-elect-renew-deadline');
    if (lease > deadline) continue;
    const message = `expected more than leader-elect-renew-deadline, ${durationText(deadline)}, got ${durationText(lease)}`;
    problems.push({ component, flag: 'leader-elect-lease-duration', message });
  }
  const seats =
    number('kube-apiserver', 'max-requests-inflight') + number('kube-apiserver', 'max-mutating-requests-inflight');
  if (seats === 0 && flagValue(profile, overrides, 'kube-apiserver', 'enable-priority-and-fairness') === true) {
    const message = 'expected a positive sum with max-mutating-requests-inflight under priority and fairness, got 0';
    problems.push({ component: 'kube-apiserver', flag: 'max-requests-inflight', message });
  }
  return problems;
}
