import { createFlowControlConfiguration } from '../kubernetes/flow-control/configuration.ts';
import { mandatoryFlowSchemas } from '../kubernetes/flow-control/default-flow-schemas.ts';
import type { FlowSchema } from '../kubernetes/flow-control/flow-schema.ts';
import { mandatoryPriorityLevels, type PriorityLevel } from '../kubernetes/flow-control/priority-level.ts';
import { flagNamed } from '../kubernetes/profiles/catalogue.ts';
import { defaultOf } from '../kubernetes/profiles/flag.ts';
import { lockReason } from '../kubernetes/profiles/managed.ts';
import { flagProblems } from '../kubernetes/profiles/resolve.ts';
import { valueAt } from './data-path.ts';
import type { KubernetesSection } from './document.ts';
import { flowControlOf, keysOfFlags, overridesOf, profileOf, settingsOf } from './kubernetes-settings.ts';
import { canonicalJson } from './hash.ts';

/** What is wrong with the section `kubernetes` beyond the form of its values: what upstream refuses and what is locked. */

/** A problem and where it stands, below `kubernetes`. */
export interface KubernetesProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** All problems of one kind: those of flags first, since keys and objects mean little while they are wrong. */
export function kubernetesProblems(section: KubernetesSection): readonly KubernetesProblem[] {
  for (const find of [
    problemsOfFlags,
    problemsOfLockedKeys,
    problemsOfKeys,
    problemsOfWatches,
    problemsOfTopology,
    problemsOfWebhooks,
    problemsOfObjects,
  ]) {
    const found = find(section);
    if (found.length > 0) return found;
  }
  return [];
}

function problemsOfFlags(section: KubernetesSection): readonly KubernetesProblem[] {
  return flagProblems(profileOf(section), section.flags ?? {}).map(({ component, flag, gate, message }) => ({
    path: ['flags', component, flag, ...(gate === undefined ? [] : [gate])],
    message,
  }));
}

/** A key may repeat what the provider of a managed control plane has set, and nothing else. */
function problemsOfLockedKeys(section: KubernetesSection): readonly KubernetesProblem[] {
  const profile = profileOf(section);
  return keysOfFlags.flatMap(({ key, component, flag }) => {
    const locked = lockReason(profile, component);
    const isDefault = valueAt(section, key) === defaultOf(flagNamed(component, flag)!, profile.release);
    return locked === undefined || isDefault ? [] : [{ path: [...key], message: `${flag}: ${locked}` }];
  });
}

function problemsOfKeys(section: KubernetesSection): readonly KubernetesProblem[] {
  const profile = profileOf(section);
  return flagProblems(profile, overridesOf(section, profile)).map(({ component, flag, message }) => {
    const key = keysOfFlags.find((one) => one.component === component && one.flag === flag)?.key;
    return { path: [...(key ?? ['flags', component, flag])], message };
  });
}

/** Only API servers of a named release have watch caches to watch. */
function problemsOfWatches({ profile, nodeWatches = 'pods' }: KubernetesSection): readonly KubernetesProblem[] {
  if (profile !== undefined || nodeWatches === 'pods') return [];
  return [{ path: ['nodeWatches'], message: `expected a "profile" beside "${nodeWatches}", got none` }];
}

/** Only clusters of a named release have an EndpointSlice controller. */
function problemsOfTopology({ profile, topologyModeAuto = 0 }: KubernetesSection): readonly KubernetesProblem[] {
  if (profile !== undefined || topologyModeAuto === 0) return [];
  return [{ path: ['topologyModeAuto'], message: `expected a "profile" beside ${topologyModeAuto}, got none` }];
}

function problemsOfWebhooks({ webhooks = [] }: KubernetesSection): readonly KubernetesProblem[] {
  return webhooks.flatMap(({ name }, index) =>
    webhooks.findIndex((other) => other.name === name) < index
      ? [{ path: ['webhooks', index, 'name'], message: `"${name}" stands here twice` }]
      : [],
  );
}

function problemsOfObjects(section: KubernetesSection): readonly KubernetesProblem[] {
  const { flowSchemas = [], priorityLevelConfigurations: levels = [] } = section;
  const changed = [
    ...flowSchemas.flatMap((schema, index) => (isAsKept(schema) ? [] : [{ list: 'flowSchemas', index, schema }])),
    ...levels.flatMap((level, index) =>
      isAsKept(level) ? [] : [{ list: 'priorityLevelConfigurations', index, schema: level }],
    ),
  ];
  if (changed.length > 0) {
    return changed.map(({ list, index, schema }) => ({
      path: [list, index],
      message: `the API server keeps "${schema.name}" as it is; leave it out`,
    }));
  }
  if (flowSchemas.length + levels.length === 0) return [];
  try {
    createFlowControlConfiguration(flowControlOf(section, settingsOf(section, 1)));
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const isOfSchemas = levels.length === 0 || error.message.startsWith('flow schema');
    return [{ path: [isOfSchemas ? 'flowSchemas' : 'priorityLevelConfigurations'], message: error.message }];
  }
}

/**
 * The mandatory objects are put back by the API server when somebody changes them, except for the shares of the level
 * "exempt". Source: kubernetes/apiserver, pkg/apis/flowcontrol/bootstrap/default.go.
 */
function isAsKept(object: FlowSchema | PriorityLevel): boolean {
  if ('type' in object && object.type === 'Exempt' && object.name === 'exempt') return true;
  const kept = ['type' in object ? mandatoryPriorityLevels : mandatoryFlowSchemas]
    .flat()
    .find((one) => one.name === object.name);
  return kept === undefined || canonicalJson(kept) === canonicalJson(object);
}
