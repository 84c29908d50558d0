/** A run made by hand, small enough to know every value that a page must show. */
import type { KpiValues, RunResult } from '@brownout/scenarios';

/** Minutes from ten before the trigger to two hours after it. */
const t: readonly number[] = Array.from({ length: 130 }, (_, index) => (index - 10) * 60);

/** A value inside a stretch of time and another one outside. */
function between(from: number, to: number, inside: number, outside: number): number[] {
  return t.map((each) => (each >= from && each < to ? inside : outside));
}

const lost: KpiValues = {
  clustersLost: 1,
  peakErrorShare: 0.62,
  controlPlaneUnavailableSeconds: 2400,
  lastClusterRecovered: 3600,
};

/** One of two clusters is lost 20 minutes after the trigger and back 40 minutes later. */
export const smallRun: RunResult = {
  schema: 'brownout/result@1',
  scenario: 'small',
  title: 'A small outage',
  documentHash: '0123456789abcdef',
  engineVersion: '0.1.0',
  seed: '7',
  replications: 1,
  digest: 'fedcba9876543210',
  clock: { zero: '2024-12-11T14:51:00-08:00', zone: 'PST' },
  horizon: { startSeconds: -600, endSeconds: 7200 },
  kpis: {
    firstSaturation: 1200,
    firstUserError: 1500,
    peakErrorShare: 0.62,
    outageSeconds: 2100,
    usersAffectedShare: 0.126,
    lockoutSeconds: 900,
    clustersLost: 1,
    firstClusterRecovered: 3600,
    lastClusterRecovered: 3600,
    byCluster: { east: { clustersLost: 0 }, west: lost },
    byProduct: { shop: { firstUserError: 1500, peakErrorShare: 0.62, outageSeconds: 2100 } },
  },
  timeline: [
    { t: 0, clock: '14:51:00', kind: 'published', text: 'rollout begins', published: true },
    { t: 300, clock: '14:56:00', kind: 'rollout', text: 'agent rolled out, 900 nodes', cluster: 'west' },
    { t: 1200, clock: '15:11:00', kind: 'memory-kill', text: 'API server 2 out of memory', cluster: 'west' },
    { t: 1350, clock: '15:13:30', kind: 'alert', text: 'alert: API requests fail', cluster: 'west' },
    { t: 2000, clock: '15:24:20', kind: 'lock-out', text: 'roll-back fails', cluster: 'west' },
    { t: 2900, clock: '15:39:20', kind: 'action', text: 'agent deleted', cluster: 'west' },
    { t: 3600, clock: '15:51:00', kind: 'recovery', text: 'cluster recovered', cluster: 'west' },
    { t: 17_220, clock: '19:38:00', kind: 'published', text: 'all clusters recovered', published: true },
  ],
  series: {
    windowSeconds: 60,
    t,
    columns: {
      userErrorShare: between(1500, 3600, 0.62, 0),
      'userErrorShare.shop': between(1500, 3600, 0.62, 0),
      'apiServerCpu.east': t.map(() => 0.05),
      'apiServerCpu.west': between(1200, 3600, 1, 0.2),
      'apiServerMemory.east': t.map(() => 0.12345678),
      'apiServerMemory.west': between(1200, 3600, 0.97, 0.4),
      'dnsFailureShare.west': between(1400, 3600, 0.3, 0),
      'apiRejections.west': t.map(() => 0),
    },
    units: {},
  },
  comparison: [
    { fact: 'users are hit', publishedSeconds: 1500, simulatedSeconds: 1500, differenceSeconds: 0 },
    { fact: 'all clusters recovered', publishedSeconds: 17_220, simulatedSeconds: null, differenceSeconds: null },
  ],
  firstFailures: [
    { cluster: 'west', nodes: 900, resource: 'api-server-memory', t: 1200 },
    { cluster: 'east', nodes: 10, resource: 'none', t: null },
  ],
  mitigations: [
    {
      id: 'agent-jitter',
      title: 'Agents vary their period',
      parameters: { share: 0.5 },
      difference: ['agent.periodJitter: 0.1 -> 0.5'],
    },
  ],
  assumptions: [
    { path: 'clusters[0].nodes', text: '10', source: 'assumed', note: 'sizes are not published' },
    { path: 'clusters[1].nodes', text: '900', source: 'assumed', note: 'sizes are not published' },
    { path: 'costs.list', text: '1.7 ms', source: 'measured', note: 'list_cost.csv' },
  ],
  causes: [
    { t: 1510, clock: '15:16:10', kind: 'users', text: 'a request to shop fails', cluster: 'west' },
    {
      t: 1400,
      clock: '15:14:20',
      kind: 'dns',
      text: 'its name cannot be resolved',
      cluster: 'west',
      because: 'it needs a name',
    },
    {
      t: 300,
      clock: '14:56:00',
      kind: 'rollout',
      text: 'agent rolled out, 900 nodes',
      cluster: 'west',
      because: 'agents list',
    },
  ],
  warnings: ['unit costs were measured on 1 core'],
  conservation: [
    { book: 'west/agent', arrived: 10, served: 4, rejected: 1, abandoned: 1, timedOut: 2, lost: 1, inside: 1 },
  ],
  eventCount: 1_234_567,
};

/** Text that would do harm as markup, as an end of a script, or as an address. */
export const hostileText: string =
  '</script><script>window.harmed=1</script><img src=x onerror="window.harmed=1"><!--<b>[x](javascript:alert(1))';

/** The same run from a document that wants to run script: every text that a document can set is hostile. */
export const hostileRun: RunResult = {
  ...smallRun,
  title: hostileText,
  scenario: hostileText,
  clock: { ...smallRun.clock, zone: hostileText },
  timeline: smallRun.timeline.map((entry) => ({ ...entry, text: hostileText, cluster: hostileText })),
  series: {
    ...smallRun.series,
    columns: { ...smallRun.series.columns, [`apiServerCpu.${hostileText}`]: t.map(() => 0.5) },
  },
  comparison: smallRun.comparison.map((row) => ({ ...row, fact: hostileText })),
  firstFailures: smallRun.firstFailures.map((row) => ({ ...row, cluster: hostileText })),
  mitigations: smallRun.mitigations.map((one) => ({ ...one, title: hostileText, difference: [hostileText] })),
  assumptions: smallRun.assumptions.map((one) => ({ ...one, path: hostileText, note: hostileText, text: hostileText })),
  causes: smallRun.causes.map((one) => ({ ...one, text: hostileText, because: hostileText })),
  warnings: [hostileText],
};
