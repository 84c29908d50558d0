/** The reference page of flags and feature gates, written from the tables. */
import { flagsOf } from '../catalogue.ts';
import { type Component, components, defaultText, durationText, type FlagDefinition } from '../flag.ts';
import { apiServerGates, clientGates, controllerGates, type FeatureGate } from '../feature-gates.ts';
import { kubernetesReleases, profiles } from '../release.ts';

const titles: Readonly<Record<Component, string>> = {
  'kube-apiserver': 'kube-apiserver',
  'kube-controller-manager': 'kube-controller-manager',
  'kube-scheduler': 'kube-scheduler: flags, and fields of its configuration',
  kubelet: 'kubelet: fields of its configuration',
  etcd: 'etcd: 3.5 with Kubernetes 1.29 to 1.31, 3.6 from 1.34 on',
  'static-pod': "static-pod: probes of kubeadm's static pod of the API server",
  coredns: "coredns: kubeadm's Deployment and Corefile",
};

/** The whole page. */
export function flagsPage(): string {
  return `${[
    '# Flags, fields and feature gates',
    '',
    'What a scenario document may set under `kubernetes.flags`, by component, and what each release of Kubernetes starts with.',
    'This page is written from the tables in `packages/scenarios/src/kubernetes/profiles` by a test. A row without an effect is',
    'accepted, checked and not modelled. A part named before a colon (node lifecycle, EndpointSlices, watch cache, CoreDNS processes',
    'and so on) has to be there for the row to matter: clusters of scenario documents do not have all of them. Sources name a',
    'repository and a file; ranges are those that upstream checks.',
    '',
    '## Profiles',
    '',
    '| `kubernetes.profile` | is |',
    '| --- | --- |',
    ...profiles.slice(0, 3).map((profile) => `| \`${profile.name}\` | ${profile.title} |`),
    `| ${kubernetesReleases.map((release) => `\`${release}\``).join(', ')} | one release |`,
    '| `managed-` and a release | a managed control plane of that release |',
    '',
    ...components.flatMap(componentSection),
    ...gateSection('Feature gates of the API server', apiServerGates),
    ...gateSection('Feature gates of clients', clientGates),
    ...gateSection('Feature gates of controllers', controllerGates),
  ].join('\n')}`;
}

function componentSection(component: Component): readonly string[] {
  const flags = flagsOf[component];
  const named = flags.filter((flag) => !isName(flag));
  const names = flags.filter(isName).map((flag) => `\`${flag.name}\``);
  return [
    `## ${titles[component]}`,
    '',
    '| name | written as | default | range | sets | source |',
    '| --- | --- | --- | --- | --- | --- |',
    ...named.map(
      (flag) =>
        `| \`${flag.name}\` | ${flag.kind} | ${defaults(flag)} | ${range(flag)} | ${flag.models ?? 'not modelled'} | ${flag.source} |`,
    ),
    '',
    ...(names.length === 0 ? [] : [`Paths, names and addresses, accepted and not modelled: ${names.join(', ')}.`, '']),
  ];
}

/** Flags without a default of their own that drive nothing need no row each. */
function isName(flag: FlagDefinition): boolean {
  return flag.kind === 'text' && flag.models === undefined && flag.source.includes('controlplane/manifests.go');
}

function defaults(flag: FlagDefinition): string {
  const [first = kubernetesReleases[0]] = flag.defaults[0] ?? [];
  const texts = flag.defaults.map(([since, value], index) => {
    const text = defaultText(flag, value);
    return index === 0 && first === kubernetesReleases[0] ? text : `${text} since ${since}`;
  });
  return texts.join(', ');
}

function range({ kind, min, max }: FlagDefinition): string {
  const text = (value: number): string =>
    kind === 'duration' || kind === 'seconds' || kind === 'milliseconds' ? durationText(value) : String(value);
  if (min === undefined && max === undefined) return '';
  if (max === undefined) return `at least ${text(min ?? 0)}`;
  return `${text(min ?? 0)} to ${text(max)}`;
}

function gateSection(title: string, gates: readonly FeatureGate[]): readonly string[] {
  return [
    `## ${title}`,
    '',
    'Stage and default; `!` = locked, `-` = no such gate.',
    '',
    `| gate | ${kubernetesReleases.join(' | ')} | sets |`,
    `| --- | ${kubernetesReleases.map(() => '---').join(' | ')} | --- |`,
    ...gates.map((gate) => `| \`${gate.name}\` | ${gate.states.join(' | ')} | ${gate.models ?? 'not modelled'} |`),
    '',
  ];
}
