/**
 * Which Kubernetes a control plane is: a minor release, alone or as part of a profile. `2024` is what a fleet ran in
 * December 2024 (1.29 to 1.31), `current` the three releases supported in 2026 (1.34 to 1.36), `managed` a control plane
 * whose flags belong to its operator.
 */

/** Minor releases whose defaults are known here, oldest first. */
export const kubernetesReleases = ['1.29', '1.30', '1.31', '1.34', '1.35', '1.36'] as const;

/** A minor release. */
export type KubernetesRelease = (typeof kubernetesReleases)[number];

/** A profile by name: a family, a release, or a managed control plane of a release. */
export type ProfileName = '2024' | 'current' | 'managed' | KubernetesRelease | `managed-${KubernetesRelease}`;

/** Names a document may give as `kubernetes.profile`, families first. */
export const profileNames: readonly ProfileName[] = [
  '2024',
  'current',
  'managed',
  ...kubernetesReleases,
  ...kubernetesReleases.map((release) => `managed-${release}` as const),
];

/** A profile: a release, who sets the flags, and what it is for. */
export interface Profile {
  readonly name: ProfileName;
  readonly release: KubernetesRelease;
  /** Releases the family spans; `release` is the one it is run as. */
  readonly releases: readonly KubernetesRelease[];
  /** Whether the flags of the control plane belong to a provider (see managed.ts). */
  readonly isManaged: boolean;
  readonly title: string;
}

/** Release each family is run as: the middle one of 2024, the newest one of today. */
const releaseOfFamily = { '2024': '1.30', current: '1.36', managed: '1.36' } as const;
const releasesOf2024 = ['1.29', '1.30', '1.31'] as const;
const currentReleases = ['1.34', '1.35', '1.36'] as const;

const families: readonly Profile[] = [
  {
    name: '2024',
    release: releaseOfFamily['2024'],
    releases: releasesOf2024,
    isManaged: false,
    title: 'Kubernetes 1.29 to 1.31, what a fleet ran in December 2024; run as 1.30',
  },
  {
    name: 'current',
    release: releaseOfFamily.current,
    releases: currentReleases,
    isManaged: false,
    title: 'Kubernetes 1.34 to 1.36; run as 1.36',
  },
  {
    name: 'managed',
    release: releaseOfFamily.managed,
    releases: currentReleases,
    isManaged: true,
    title:
      'a managed control plane (as EKS): its flags are locked, its seats grow with it, its etcd is hidden; run as 1.36',
  },
];

/** Every profile, in the order of `profileNames`. */
export const profiles: readonly Profile[] = [
  ...families,
  ...kubernetesReleases.map((release) => profileOfRelease(release, false)),
  ...kubernetesReleases.map((release) => profileOfRelease(release, true)),
];

/** The profile called `name`. */
export function profileNamed(name: ProfileName): Profile {
  return profiles.find((profile) => profile.name === name)!;
}

/** Whether `release` is `other` or newer. */
export function isSince(release: KubernetesRelease, other: KubernetesRelease): boolean {
  return kubernetesReleases.indexOf(release) >= kubernetesReleases.indexOf(other);
}

function profileOfRelease(release: KubernetesRelease, isManaged: boolean): Profile {
  return {
    name: isManaged ? `managed-${release}` : release,
    release,
    releases: [release],
    isManaged,
    title: isManaged ? `a managed control plane of Kubernetes ${release}` : `Kubernetes ${release}`,
  };
}
