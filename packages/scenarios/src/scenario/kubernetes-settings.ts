import { type Duration, ms } from '@brownout/core';
import type { FlowControlSettings } from '../kubernetes/flow-control/configuration.ts';
import { defaultPriorityLevels } from '../kubernetes/flow-control/priority-level.ts';
import { type Component, defaultOf, type FlagValue } from '../kubernetes/profiles/flag.ts';
import { flagNamed } from '../kubernetes/profiles/catalogue.ts';
import { flowSchemasOf } from '../kubernetes/profiles/flow-schemas.ts';
import { type Profile, profileNamed } from '../kubernetes/profiles/release.ts';
import type { FlagOverrides } from '../kubernetes/profiles/resolve.ts';
import type { KubernetesSettings } from '../kubernetes/profiles/settings.ts';
import { kubernetesSettings } from '../kubernetes/profiles/settings-from-flags.ts';
import { valueAt } from './data-path.ts';
import type { KubernetesSection } from './document.ts';

/**
 * How the three ways of saying something about Kubernetes in a document become one: flags win over keys, keys over the
 * profile. Keys are the older spelling; those that mean a flag are listed here, once.
 */

/** The profile that a document without one means. */
export const defaultProfile = '2024';

/** A key, as a path below `kubernetes`, and the flag it means. */
export interface KeyOfFlag {
  readonly key: readonly string[];
  readonly component: Component;
  readonly flag: string;
}

const keys = (component: Component, pairs: Readonly<Record<string, string>>): readonly KeyOfFlag[] =>
  Object.entries(pairs).map(([key, flag]) => ({ key: key.split('.'), component, flag }));

/** Keys of `kubernetes` that mean a flag. The others are timings that no flag sets. */
export const keysOfFlags: readonly KeyOfFlag[] = [
  ...keys('kube-apiserver', {
    maxRequestsInflight: 'max-requests-inflight',
    maxMutatingRequestsInflight: 'max-mutating-requests-inflight',
    requestTimeout: 'request-timeout',
  }),
  ...keys('kubelet', {
    nodeLeaseDuration: 'nodeLeaseDurationSeconds',
    nodeStatusReportFrequency: 'nodeStatusReportFrequency',
  }),
  ...keys('kube-controller-manager', {
    'controllerManager.qps': 'kube-api-qps',
    'controllerManager.burst': 'kube-api-burst',
    'leaderElection.leaseDuration': 'leader-elect-lease-duration',
    'leaderElection.renewDeadline': 'leader-elect-renew-deadline',
    'leaderElection.retryPeriod': 'leader-elect-retry-period',
  }),
  ...keys('kube-scheduler', { 'scheduler.qps': 'kube-api-qps', 'scheduler.burst': 'kube-api-burst' }),
  ...keys('static-pod', {
    'livenessProbe.period': 'livenessProbe.periodSeconds',
    'livenessProbe.timeout': 'livenessProbe.timeoutSeconds',
    'livenessProbe.failureThreshold': 'livenessProbe.failureThreshold',
  }),
];

/**
 * Whether the mechanisms of the release are on whose flags a plain model has no use for: the server's own time limit,
 * cancellation, the check of etcd, streams of connections, raft and the database of etcd, startup probes. A document that
 * names its profile gets them; one that does not keeps the plain model its results were made with.
 */
export function hasMechanismsOfRelease(section: KubernetesSection): boolean {
  return section.profile !== undefined;
}

/** All settings of a cluster whose API servers have `cores` cores. */
export function settingsOf(section: KubernetesSection, cores: number): KubernetesSettings {
  const profile = profileOf(section);
  return kubernetesSettings(profile, overridesOf(section, profile), cores);
}

/**
 * The section with what flags say put into the keys of the same meaning, and into those that follow from a flag: renewing a
 * lease takes a quarter of it, an election 1.5 time-outs, a request to etcd 5 s and two time-outs.
 */
export function withFlags(section: KubernetesSection, settings: KubernetesSettings): KubernetesSection {
  const { apiServer, kubelet, controllerManager, scheduler, etcd, livenessProbe } = settings;
  const isSet = (component: Component, ...flags: readonly string[]): boolean =>
    flags.some((flag) => section.flags?.[component]?.[flag] !== undefined);
  const hasLease = isSet('kubelet', 'nodeLeaseDurationSeconds');
  const hasStatus = isSet('kubelet', 'nodeStatusUpdateFrequency');
  const hasElection = isSet('etcd', 'election-timeout');
  const { leaseDuration, renewDeadline, retryPeriod } = controllerManager.leaderElection;
  return {
    ...section,
    maxRequestsInflight: apiServer.maxRequestsInflight,
    maxMutatingRequestsInflight: apiServer.maxMutatingRequestsInflight,
    requestTimeout: apiServer.requestTimeout,
    nodeLeaseDuration: kubelet.nodeLeaseDuration,
    nodeLeaseRenewInterval: hasLease ? kubelet.nodeLeaseRenewInterval : section.nodeLeaseRenewInterval,
    nodeLeaseRequestTimeout:
      hasLease || hasStatus
        ? (Math.min(kubelet.nodeLeaseDuration, kubelet.nodeStatusUpdateFrequency) as Duration)
        : section.nodeLeaseRequestTimeout,
    nodeStatusReportFrequency: kubelet.nodeStatusReportFrequency,
    controllerManager: { qps: controllerManager.qps, burst: controllerManager.burst },
    scheduler: { qps: scheduler.qps, burst: scheduler.burst },
    leaderElection: { leaseDuration, renewDeadline, retryPeriod },
    livenessProbe: {
      period: livenessProbe.period,
      timeout: livenessProbe.timeout,
      failureThreshold: livenessProbe.failureThreshold,
    },
    etcd: hasElection
      ? { ...section.etcd, election: meanElection(etcd.electionTimeout), requestTimeout: etcd.requestTimeout }
      : section.etcd,
  };
}

/** Flow control of a cluster: the objects of its release with those of the document added or put in their place. */
export function flowControlOf(section: KubernetesSection, settings: KubernetesSettings): FlowControlSettings {
  const { maxRequestsInflight, maxMutatingRequestsInflight, enablePriorityAndFairness } = settings.apiServer;
  return {
    enablePriorityAndFairness,
    maxRequestsInflight,
    maxMutatingRequestsInflight,
    flowSchemas: replaced(flowSchemasOf(settings.profile.release), section.flowSchemas ?? []),
    priorityLevels: replaced(defaultPriorityLevels, section.priorityLevelConfigurations ?? []),
  };
}

/** raft draws an election time-out between one and two; half a one is what it adds on average. */
function meanElection(timeout: Duration): Duration {
  return (Math.round((1.5 * timeout) / ms(1)) * ms(1)) as Duration;
}

/** The profile of a section. */
export function profileOf(section: KubernetesSection): Profile {
  return profileNamed(section.profile ?? defaultProfile);
}

/** Keys that differ from the defaults of the profile, as flags, below those that are set. */
export function overridesOf(section: KubernetesSection, profile: Profile): FlagOverrides {
  const found: Partial<Record<Component, Record<string, FlagValue | Readonly<Record<string, boolean>>>>> = {};
  for (const { key, component, flag } of keysOfFlags) {
    const value = valueAt(section, key) as FlagValue | undefined;
    if (value !== undefined && value !== defaultOf(flagNamed(component, flag)!, profile.release)) {
      (found[component] ??= {})[flag] = value;
    }
  }
  for (const [component, flags] of Object.entries(section.flags ?? {})) {
    found[component as Component] = { ...found[component as Component], ...flags };
  }
  return found;
}

/** `recent` in place of those of the same name, the new ones behind. */
function replaced<T extends { readonly name: string }>(objects: readonly T[], recent: readonly T[]): readonly T[] {
  return [...objects.filter((one) => !recent.some((other) => other.name === one.name)), ...recent];
}
