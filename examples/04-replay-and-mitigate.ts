/**
 * An SRE's question: would stale DNS answers have saved the users on 11 December 2024?
 *
 * Replays one large cluster of the incident for an hour, changes one thing, and replays it again with the same seed, so
 * both runs share every random number and the difference is the change.
 *
 *   rollout -> agents LIST every pod -> API servers run out of memory -> names cannot be refreshed -> users
 *                                                                            ^ serve-stale-dns acts here
 */
import {
  applyMitigations,
  incidents,
  mitigations,
  parseMitigationList,
  type RunResult,
  runScenario,
  type ScenarioDocument,
} from 'brownout';

const seed = 7;
const untilSeconds = 3_600;

const incident = incidents.find(({ id }) => id === 'openai-2024-12-11')!.document();
const baseline: ScenarioDocument = {
  ...incident,
  clusters: incident.clusters.filter(({ id }) => id === 'large-2'),
  rollout: { waves: [{ clusters: ['large-2'], at: '20 min' }] },
};
const change = applyMitigations(baseline, parseMitigationList('serve-stale-dns', mitigations));

const before = runScenario(baseline, { seed, untilSeconds });
const after = runScenario(change.document, { seed, untilSeconds, applied: change.applied });

console.log('what changes:');
for (const { difference } of change.applied) for (const line of difference) console.log(`  ${line}`);
console.log('\n                                   as it was   with stale answers');
row('API servers killed for memory', 'apiServerOomKills', (kills) => String(kills));
row('control plane down, minutes', 'controlPlaneUnavailableSeconds', (seconds) => (seconds / 60).toFixed(0));
row('outage for users, minutes', 'outageSeconds', (seconds) => (seconds / 60).toFixed(0));
row('user errors at the peak, %', 'peakErrorShare', (share) => (share * 100).toFixed(1));
console.log('\nwhy the first user request failed, as it was:');
for (const { clock, text } of before.causes) console.log(`  ${clock} ${text}`);

function row(what: string, kpi: string, show: (value: number) => string): void {
  const cells = [before, after].map((result) => show(valueOf(result, kpi)).padStart(12));
  console.log(`${what.padEnd(32)}${cells.join('   ')}`);
}

function valueOf(result: RunResult, kpi: string): number {
  const value = result.kpis[kpi];
  return typeof value === 'number' ? value : 0;
}
