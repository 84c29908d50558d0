/**
 * Feature gates per release: every gate of kubernetes/apiserver (pkg/features/kube_features.go) and of kubernetes/client-go
 * (features/known_features.go) in one of the known releases, read at the tags kubernetes-1.29.14, 1.30.14, 1.31.14, 1.34.10,
 * 1.35.7 and 1.36.3. Gates of kubernetes/kubernetes itself are left out but for those that a part of this model heeds.
 */
import { type KubernetesRelease, kubernetesReleases } from './release.ts';

type Stage = 'alpha' | 'beta' | 'ga' | 'deprecated';

/** Stage and default in one release; `!` = locked to the default, `-` = no such gate. */
export type GateState = '-' | `${Stage} ${'on' | 'off'}${'' | '!'}`;

/** One gate. */
export interface FeatureGate {
  readonly name: string;
  /** One state a release, in the order of `kubernetesReleases`. */
  readonly states: readonly GateState[];
  /** What it sets in this model; `undefined` = accepted, not modelled. */
  readonly models: string | undefined;
}

/** Gates of the API server. Columns: 1.29, 1.30, 1.31, 1.34, 1.35, 1.36. */
export const apiServerGates: readonly FeatureGate[] = [
  gate('APIListChunking', ['ga on!', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('APIPriorityAndFairness', ['ga on!', 'ga on!', '-', '-', '-', '-']),
  gate('APIResponseCompression', ['beta on', 'beta on', 'beta on', 'beta on', 'beta on', 'beta on']),
  gate('APIServerIdentity', ['beta on', 'beta on', 'beta on', 'beta on', 'beta on', 'beta on']),
  gate('APIServerTracing', ['beta on', 'beta on', 'beta on', 'ga on!', 'ga on!', 'ga on!']),
  gate('APIServingWithRoutine', ['-', 'alpha off', 'alpha off', 'alpha off', 'alpha off', 'alpha off']),
  gate('AdmissionWebhookMatchConditions', ['beta on', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('AggregatedDiscoveryEndpoint', ['beta on', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('AggregatedDiscoveryRemoveBetaType', ['-', '-', '-', 'deprecated on', 'deprecated on!', 'deprecated on!']),
  gate('AllowParsingUserUIDFromCertAuth', ['-', '-', '-', 'beta on', 'beta on', 'beta on']),
  gate('AllowUnsafeMalformedObjectDeletion', ['-', '-', '-', 'alpha off', 'alpha off', 'alpha off']),
  gate('AnonymousAuthConfigurableEndpoints', ['-', '-', 'alpha off', 'ga on!', 'ga on!', 'ga on!']),
  gate('AuthorizeWithSelectors', ['-', '-', 'alpha off', 'ga on!', 'ga on!', 'ga on!']),
  gate('BtreeWatchCache', ['-', '-', '-', 'ga on!', 'ga on!', 'ga on!']),
  gate('CBORServingAndStorage', ['-', '-', '-', 'alpha off', 'alpha off', 'alpha off']),
  gate('ConcurrentWatchObjectDecode', ['-', '-', 'beta off', 'beta off', 'beta off', 'beta off']),
  gate(
    'ConsistentListFromCache',
    ['alpha off', 'alpha off', 'beta on', 'ga on!', 'ga on!', 'ga on!'],
    'whether a consistent LIST is served from the watch cache',
  ),
  gate('ConstrainedImpersonation', ['-', '-', '-', '-', 'alpha off', 'beta on']),
  gate('CoordinatedLeaderElection', ['-', '-', 'alpha off', 'beta off', 'beta off', 'beta off']),
  gate('CustomResourceValidationExpressions', ['ga on!', 'ga on!', '-', '-', '-', '-']),
  gate('DeclarativeValidation', ['-', '-', '-', '-', 'beta on', 'ga on!']),
  gate('DeclarativeValidationBeta', ['-', '-', '-', '-', '-', 'beta on']),
  gate('DeclarativeValidationTakeover', ['-', '-', '-', '-', 'beta off', 'deprecated off']),
  gate('DetectCacheInconsistency', ['-', '-', '-', 'beta on', 'beta on', 'beta on']),
  gate('EfficientWatchResumption', ['ga on!', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('InPlacePodVerticalScaling', ['alpha off', 'alpha off', 'alpha off', '-', '-', '-']),
  gate('KMSv1', [
    'deprecated off',
    'deprecated off',
    'deprecated off',
    'deprecated off',
    'deprecated off',
    'deprecated off',
  ]),
  gate('KMSv2', ['ga on!', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('KMSv2KDF', ['ga on!', 'ga on!', 'ga on!', '-', '-', '-']),
  gate(
    'ListFromCacheSnapshot',
    ['-', '-', '-', 'beta on', 'beta on', 'beta on'],
    'pages and exact versions of a LIST from the watch cache',
  ),
  gate('ManifestBasedAdmissionControlConfig', ['-', '-', '-', '-', '-', 'alpha off']),
  gate('MutatingAdmissionPolicy', ['-', '-', '-', 'beta off', 'beta off', 'ga on']),
  gate('OpenAPIEnums', ['beta on', 'beta on', 'beta on', 'beta on', 'beta on', 'beta on']),
  gate('RemainingItemCount', ['ga on!', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('RemoteRequestHeaderUID', ['-', '-', '-', 'beta on', 'beta on', 'beta on']),
  gate('RemoveSelfLink', ['ga on!', '-', '-', '-', '-', '-']),
  gate(
    'ResilientWatchCacheInitialization',
    ['-', '-', 'beta on', 'ga on!', 'ga on!', 'ga on!'],
    'what a request meets while the cache of its type is not filled: 429 instead of waiting',
  ),
  gate('RetryGenerateName', ['-', 'alpha off', 'beta on', 'ga on!', 'ga on!', 'ga on!']),
  gate('SeparateCacheWatchRPC', [
    'beta on',
    'beta on',
    'beta on',
    'deprecated off',
    'deprecated off',
    'deprecated off!',
  ]),
  gate('ServerSideApply', ['ga on!', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('ServerSideFieldValidation', ['ga on!', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('ShardedListAndWatch', ['-', '-', '-', '-', '-', 'alpha off']),
  gate(
    'SizeBasedListCostEstimate',
    ['-', '-', '-', 'beta on', 'beta on', 'beta on'],
    'seats of a LIST by its bytes instead of its objects',
  ),
  gate('StorageVersionAPI', ['alpha off', 'alpha off', 'alpha off', 'alpha off', 'alpha off', 'alpha off']),
  gate('StorageVersionHash', ['beta on', 'beta on', 'beta on', 'beta on', 'beta on', 'beta on']),
  gate(
    'StreamingCollectionEncodingToJSON',
    ['-', '-', '-', 'ga on!', 'ga on!', 'ga on!'],
    'memory of a JSON answer: one object instead of all',
  ),
  gate(
    'StreamingCollectionEncodingToProtobuf',
    ['-', '-', '-', 'ga on!', 'ga on!', 'ga on!'],
    'memory of a protobuf answer: one object instead of all',
  ),
  gate('StrictCostEnforcementForVAP', ['-', 'beta off', 'beta off', 'ga on!', '-', '-']),
  gate('StrictCostEnforcementForWebhooks', ['-', 'beta off', 'beta off', 'ga on!', '-', '-']),
  gate('StructuredAuthenticationConfiguration', ['alpha off', 'beta on', 'beta on', 'ga on!', 'ga on!', 'ga on!']),
  gate('StructuredAuthenticationConfigurationEgressSelector', ['-', '-', '-', 'beta on', 'beta on', 'beta on']),
  gate('StructuredAuthenticationConfigurationJWKSMetrics', ['-', '-', '-', '-', 'beta on', 'beta on']),
  gate('StructuredAuthorizationConfiguration', ['alpha off', 'beta on', 'beta on', 'ga on!', 'ga on!', '-']),
  gate('TokenRequestServiceAccountUIDValidation', ['-', '-', '-', 'beta on', 'beta on', 'beta on']),
  gate('UnauthenticatedHTTP2DOSMitigation', ['beta on', 'beta on', 'beta on', 'beta on', 'beta on', 'beta on']),
  gate('UnknownVersionInteroperabilityProxy', ['-', '-', '-', '-', 'alpha off', 'beta on']),
  gate('ValidatingAdmissionPolicy', ['beta off', 'ga on!', 'ga on!', '-', '-', '-']),
  gate('WatchBookmark', ['ga on!', 'ga on!', 'ga on!', '-', '-', '-']),
  gate(
    'WatchCacheInitializationPostStartHook',
    ['-', '-', 'beta off', 'beta off', 'beta off', 'beta on'],
    'readiness waits until the watch cache is filled',
  ),
  gate('WatchFromStorageWithoutResourceVersion', [
    'beta off',
    'beta off',
    'beta off',
    'deprecated off!',
    'deprecated off!',
    '-',
  ]),
  gate(
    'WatchList',
    ['alpha off', 'alpha off', 'alpha off', 'beta on', 'beta on', 'beta on'],
    'whether the server answers a streaming LIST',
  ),
  gate('ZeroLimitedNominalConcurrencyShares', ['beta off', 'ga on!', 'ga on!', '-', '-', '-']),
];

/** Gates of client-go, which kube-controller-manager, kube-scheduler and kubelets share. Columns as above. */
export const clientGates: readonly FeatureGate[] = [
  gate('AtomicFIFO', ['-', '-', '-', '-', '-', 'beta on']),
  gate('ClientsAllowCARotation', ['-', '-', '-', '-', '-', 'beta on']),
  gate('ClientsAllowCBOR', ['-', '-', '-', 'alpha off', 'alpha off', 'alpha off']),
  gate('ClientsAllowTLSCacheGC', ['-', '-', '-', '-', '-', 'beta on']),
  gate('ClientsPreferCBOR', ['-', '-', '-', 'alpha off', 'alpha off', 'alpha off']),
  gate('InOrderInformers', ['-', '-', '-', 'beta on', 'beta on', 'ga on!']),
  gate('InOrderInformersBatchProcess', ['-', '-', '-', '-', 'beta on', 'beta on']),
  gate('InformerResourceVersion', ['-', 'alpha off', 'alpha off', 'alpha off', 'ga on', 'ga on']),
  gate('UnlockWhileProcessingFIFO', ['-', '-', '-', '-', '-', 'beta on']),
  gate(
    'WatchListClient',
    ['-', 'beta off', 'beta off', 'beta off', 'beta on', 'beta on'],
    'whether informers of new clients start with a streaming LIST',
  ),
];

/** Gates of kubernetes/kubernetes (pkg/features/kube_features.go) that a controller of this model heeds. Columns as above. */
export const controllerGates: readonly FeatureGate[] = [
  gate(
    'TopologyAwareHints',
    ['beta on', 'beta on', 'beta on', 'ga on!', 'ga on!', 'ga on!'],
    'whether the EndpointSlice controller heeds the topology mode of Services',
  ),
];

/** All gates, by name. Every component of Kubernetes accepts all of them. */
export const featureGates: ReadonlyMap<string, FeatureGate> = new Map(
  [...apiServerGates, ...clientGates, ...controllerGates].map((one) => [one.name, one]),
);

/** State of `gate` in `release`. */
export function gateState(gate: FeatureGate, release: KubernetesRelease): GateState {
  return gate.states[kubernetesReleases.indexOf(release)]!;
}

/** Names of the gates that are on in `release` when a component is started with `overrides`. */
export function gatesOn(
  release: KubernetesRelease,
  overrides: Readonly<Record<string, boolean>> = {},
): ReadonlySet<string> {
  const on = new Set<string>();
  for (const gate of featureGates.values()) {
    const state = gateState(gate, release);
    const group = state.startsWith('alpha')
      ? overrides['AllAlpha']
      : state.startsWith('beta')
        ? overrides['AllBeta']
        : undefined;
    if (state !== '-' && (overrides[gate.name] ?? group ?? state.includes(' on'))) on.add(gate.name);
  }
  return on;
}

/** Why upstream of `release` refuses `name` = `value`; undefined when it does not. */
export function gateProblem(release: KubernetesRelease, name: string, value: boolean): string | undefined {
  if (name === 'AllAlpha' || name === 'AllBeta') return undefined;
  const gate = featureGates.get(name);
  if (gate === undefined) return `unknown feature gate "${name}"`;
  const state = gateState(gate, release);
  if (state === '-') return `Kubernetes ${release} has no feature gate "${name}"`;
  const isOn = state.includes(' on');
  if (!state.endsWith('!') || value === isOn) return undefined;
  return `expected ${String(isOn)}, got ${String(value)}: feature gate "${name}" is locked in Kubernetes ${release}`;
}

function gate(name: string, states: readonly GateState[], models?: string): FeatureGate {
  return { name, states, models };
}
