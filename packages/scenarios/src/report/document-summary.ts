import { profileNamed } from '../kubernetes/profiles/release.ts';
import { unmodelledFlags } from '../kubernetes/profiles/resolve.ts';
import { defaultProfile } from '../scenario/kubernetes-settings.ts';
import { sourcesOf } from '../scenario/provenance.ts';
import type { Scenario, ScenarioDocument } from '../scenario/document.ts';
import { sourceSummary } from './background.ts';
import { countText, spanText } from './words.ts';

/** A valid scenario document in a few lines, for `brownout validate`. */

/** What the document describes and how much of it has a source. Ends in a line break. */
export function documentSummary(document: ScenarioDocument, scenario: Scenario): string {
  const { clusters, horizon } = scenario;
  const nodes = clusters.reduce((sum, cluster) => sum + cluster.nodes, 0);
  const largest = Math.max(...clusters.map((cluster) => cluster.nodes));
  const from = spanText(horizon.start / 1_000_000);
  const to = spanText(horizon.end / 1_000_000);
  const sourced = sourceSummary(sourcesOf(document));
  return [
    `${scenario.id}: ${scenario.title}`,
    `${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}, ${countText(nodes)} nodes, the largest with ${countText(largest)}; from ${from} to ${to} after the trigger`,
    kubernetesLine(scenario),
    `sources: ${sourced === '' ? 'none stated, so everything counts as assumed' : sourced}`,
    '',
  ].join('\n');
}

/** Which Kubernetes the document means, and which of its flags do nothing here. */
function kubernetesLine({ kubernetes: { profile = defaultProfile, flags = {} } }: Scenario): string {
  const { release, isManaged } = profileNamed(profile);
  const set = Object.values(flags).reduce((sum, one) => sum + Object.keys(one).length, 0);
  const parts = [
    `Kubernetes: profile ${profile}${profile.endsWith(release) ? '' : `, run as ${release}`}`,
    ...(isManaged ? ['flags of the control plane locked'] : []),
    ...(set === 0 ? [] : [`${set} ${set === 1 ? 'flag' : 'flags'} set`]),
  ];
  const idle = unmodelledFlags(flags);
  return [parts.join('; '), ...(idle.length === 0 ? [] : [`accepted, not modelled: ${idle.join(', ')}`])].join('\n');
}
