/** The page that sets simulation beside measurement: unit costs, turns of goroutines, E1's light phases, E11, E12, KEP-2340. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bursts, type BurstMeasurement } from '../../src/kubernetes/unit-costs/measurements.ts';
import { residuals } from '../../src/kubernetes/unit-costs/fit.ts';
import { measuredUnitCosts } from '../../src/kubernetes/unit-costs/unit-costs.ts';
import type { ControlPlaneDocument } from '../../src/scenario/control-plane/document.ts';
import type { PhaseResult, Spread } from '../../src/scenario/control-plane/result.ts';
import { runControlPlane, spreadOf } from '../../src/scenario/control-plane/run.ts';
import { loadDocument } from '../../src/scenario/load.ts';
import { coreDnsRecovery } from './core-dns.ts';
import { coreDnsRecoverySeconds, lightPhases, schedulerLatency } from './measured.ts';
import { compare, idleMeasures, lease, list, loadMeasures, MIB, type Measure } from './measures.ts';
import { type Comparison, comparisonHeadings, comparisonRow, digits, shownSpread, table } from './page.ts';
import { offBy, reasonFor } from './reasons.ts';
import { turnLatency } from './turns.ts';

const REPLICATIONS = 20;
const folder = join(import.meta.dirname, '../../../../examples/real-apiserver');

/** A document of examples/real-apiserver, by name. */
export async function experiment(name: string): Promise<ControlPlaneDocument> {
  const file = `${name}.yaml`;
  const { data } = await loadDocument(readFileSync(join(folder, file), 'utf8'), file);
  return data as ControlPlaneDocument;
}

/** The whole page. */
export async function comparisonPage(): Promise<string> {
  const light = await lightComparison();
  const told = await toldComparison();
  const burst = await burstComparison();
  const kep = await kepComparison();
  const outside = [...light, ...burst, ...kep].filter(
    (row) => Math.abs(row.simulated.median / row.measured - 1) > 0.25,
  );
  return [
    introduction,
    unitCosts(),
    turns(),
    '## E1, light phases: a prediction\n',
    `${REPLICATIONS} replications of \`e1.yaml\`. Each draws its CPU costs anew, from 0.8 to 1.25 times the unit costs, half of them below: the same LIST measured in other runs spread as much. ` +
      'Nothing was fitted to E1. LISTs are 5 % of the load in number and nine tenths in CPU.\n',
    table(comparisonHeadings, light.map(comparisonRow)),
    '',
    '### What the queues make of it when they are told the CPU of a LIST\n',
    `At 4.2 LISTs a second the one core is within a few percent of its capacity, where latency is a matter of those percents. E1's own CPU figures say ${digits(told.listMs)} ms a LIST (unit costs: ${digits(told.unitMs)} ms), ` +
      `and ${lightPhases['x1.0'].listSent} LISTs came where 210 were expected. With these two put in, which a prediction could not know, the rest is the work of the queues alone:\n`,
    table(comparisonHeadings, told.rows.map(comparisonRow)),
    '',
    `${told.asLow} of ${REPLICATIONS} runs have a LIST p50 no higher than the measured one: Poisson arrivals at this load differ that much over 50 s. Memory is higher than measured because the model gives a LIST all its memory when it begins, and not as it goes.\n`,
    `With ideal processor sharing instead of turns the lease p50 would be ${shownSpread(told.ideal)} ms, and with turns of 10 ms ${shownSpread(told.shorter)} ms.\n`,
    '## E11, bursts\n',
    'Memory of a LIST was fitted to these bursts and to those of the quiet machine together, time was not.\n',
    table(comparisonHeadings, burst.map(comparisonRow)),
    '',
    '## E12, CoreDNS\n',
    coreDns(),
    '## Beyond the measured range: KEP-2340\n',
    'One LIST a second over 300,000 objects of 1 kB with a selector that lets nothing through, on other machines, with another release and an object size that no unit cost was measured at. The published figures are medians.\n',
    table(comparisonHeadings, kep.map(comparisonRow)),
    '',
    '## What falls outside 25 %, and why\n',
    table(
      ['Figure', 'Off by', 'Reason'],
      outside.map((row) => [row.what, offBy(row), reasonFor(row.what)]),
    ),
    '',
  ].join('\n');
}

const introduction = `# A real API server beside the simulated one

Written by \`packages/scenarios/test/real-apiserver\`, which fails when this page is not what it finds; after a change that is
meant to move numbers, run it with \`BROWNOUT_UPDATE=1\`. The measurements are of kube-apiserver 1.31.14, etcd 3.5.16 and CoreDNS
1.11.3 of November 2026; API server and etcd shared one core. The documents are in \`examples/real-apiserver\`; what they say about
loads nobody has shown us the results of is in [predictions](real-apiserver-predictions.md).

Parameters come from measurements of single requests and of bursts on an otherwise idle server, and from one of Go's
scheduler; none from a server under load. A range in brackets is where nine of ten single runs lie: the measurement is one
run, and a good model has it inside most of the time.
`;

function unitCosts(): string {
  const parameters = Object.entries(measuredUnitCosts).map(([name, value]) => [`\`${name}\``, String(value)]);
  const all = residuals();
  const groups: readonly (readonly [string, (what: string) => boolean])[] = [
    [
      'LIST alone, quiet machine, API server (fitted)',
      (what) => what.startsWith('quiet') && what.endsWith('API server'),
    ],
    ['LIST alone, quiet machine, etcd (fitted)', (what) => what.startsWith('quiet') && what.endsWith('etcd')],
    [
      'LIST alone with gzip, first batch and variants (fitted)',
      (what) => /^(first|variant).*gzip.*API server$/.test(what),
    ],
    ['LIST alone without gzip, first batch (not fitted)', (what) => /^first(?!.*gzip).*API server$/.test(what)],
    ['LIST in a burst with gzip, CPU (fitted)', (what) => /^burst.*gzip.*, API server$/.test(what)],
    ['LIST in a burst without gzip, CPU (not fitted)', (what) => /^burst(?!.*gzip).*, API server$/.test(what)],
    ['Memory of API server in bursts of ten and more (fitted)', (what) => /^burst of \d\d.*memory of API/.test(what)],
    ['Memory of etcd in bursts of ten and more (fitted)', (what) => /^burst of \d\d.*memory of etcd/.test(what)],
  ];
  const rows = groups.map(([title, belongs]) => {
    const errors = all.filter(({ what }) => belongs(what)).map(({ error }) => error * 100);
    const spread = spreadOf(errors)!;
    const worst = errors.reduce((most, error) => (Math.abs(error) > Math.abs(most) ? error : most), 0);
    const within = errors.filter((error) => Math.abs(error) <= 25).length;
    return [title, String(errors.length), `${digits(spread.median)} %`, `${digits(worst)} %`, String(within)];
  });
  const points = all.map(({ what, unit, measured, modelled, error }) => [
    what,
    `${digits(measured)} ${unit}`,
    `${digits(modelled)} ${unit}`,
    `${Math.round(error * 100)} %`,
  ]);
  return [
    '## Unit costs\n',
    'Fitted by least squares over relative errors (`kubernetes/unit-costs/fit.ts`); microseconds of one core, and bytes per byte.\n',
    table(['Parameter', 'Value'], parameters),
    '',
    table(['Points', 'Number', 'Median error', 'Worst', 'Within 25 %'], rows),
    '',
    'Without gzip the first batch was up to three times dearer than the quiet one at the same request, most of all where ten megabytes and more went to a client on the busy other core. LISTs of several at once without gzip cost up to 1.9 times one alone. Neither is modelled.\n',
    '<details><summary>Every point</summary>\n',
    table(['Point', 'Measured', 'Model', 'Error'], points),
    '\n</details>\n',
  ].join('\n');
}

function turns(): string {
  const rows = schedulerLatency.map(({ computing, once, twice }) => [
    String(computing),
    digits(once),
    digits(turnLatency(computing, 1)),
    digits((computing - 0.5) * 20),
    digits(twice),
    digits(turnLatency(computing, 2)),
    digits((2 * computing - 0.5) * 20),
  ]);
  return [
    '## Turns of goroutines\n',
    "A goroutine that computes is asked to make way after 10 ms (`forcePreemptNS` in Go's `runtime/proc.go`) by a thread that looks every 10 ms when it finds little to do, so a turn lasts 20 ms; and while all processors compute, that thread alone looks at the network. " +
      'Measured with `examples/real-apiserver/scheduler-latency.go`, one processor, median latency in milliseconds of a request that needs no CPU: answered at once, and after asking a neighbour process. A model of turns of 20 ms has no parameter left.\n',
    table(['Computing', 'Once', 'Simulated', '(k - 1/2) turns', 'Asks first', 'Simulated', '(2 k - 1/2) turns'], rows),
    '',
  ].join('\n');
}

function phasesOf(document: ControlPlaneDocument, index: number): PhaseResult[] {
  return runControlPlane(document, { replications: REPLICATIONS }).runs.map((run) => run.phases[index]!);
}

async function lightComparison(): Promise<Comparison[]> {
  const whole = await experiment('e1');
  const { runs } = runControlPlane({ ...whole, phases: whole.phases.slice(0, 2) }, { replications: REPLICATIONS });
  return [
    ...compare(
      runs.map((run) => run.phases[0]!),
      idleMeasures(),
    ),
    ...compare(
      runs.map((run) => run.phases[1]!),
      loadMeasures(),
    ),
  ];
}

interface Told {
  readonly listMs: number;
  readonly unitMs: number;
  readonly rows: readonly Comparison[];
  /** Runs whose LIST p50 is no higher than the measured one. */
  readonly asLow: number;
  /** Lease p50 without turns, and with turns of half the length. */
  readonly ideal: Spread | null;
  readonly shorter: Spread | null;
}

/** E1 at load with the two things a prediction could not know put in. */
async function toldComparison(): Promise<Told> {
  const whole = await experiment('e1');
  const load = lightPhases['x1.0'];
  const costs = measuredUnitCosts;
  const putMs = (costs.write + 800 * costs.writePerByte) / 1_000;
  const background = 0.016 * load.seconds * 1_000;
  const listMs =
    (load.apiServerCores * load.seconds * 1_000 - background - load.leaseOk * putMs) /
    ((load.listSent + load.listOk) / 2);
  const pods = 2_000;
  const perPod = costs.decode + costs.encodeJson + 5_100 * costs.gzipPerByte;
  const unitMs = (costs.listRequest + costs.listFromEtcd + pods * perPod) / 1_000;
  const phase = { ...whole.phases[1]!, load: { lists: `${load.listSent / load.seconds}/s` } };
  const told = { ...whole, costFactor: listMs / unitMs, costSpread: 0, phases: [phase] };
  const leaseP50 = (schedulingQuantum: string): Spread | null =>
    spreadOf(phasesOf({ ...told, schedulingQuantum }, 0).map((one) => lease(one).latency.p50));
  const phases = phasesOf(told, 0);
  return {
    listMs,
    unitMs,
    rows: compare(phases, loadMeasures()),
    asLow: phases.filter((one) => list(one).latency.p50! <= load.listP50).length,
    ideal: leaseP50('0 s'),
    shorter: leaseP50('10 ms'),
  };
}

async function burstComparison(): Promise<Comparison[]> {
  const document = await experiment('e11');
  const large = bursts.filter((burst) => burst.lists >= 10);
  return large.flatMap((burst) => {
    const name = `${burst.lists} LISTs, RV ${burst.resourceVersion}${burst.streams === true ? ', streaming' : ''}`;
    const ofEtcd: Measure = [`${name}: etcd (MiB)`, burst.etcdPeakMib, (phase) => phase.etcdPeakBytes / MIB];
    return compare(phasesOf(burstDocument(document, burst), 0), [
      ...(burst.resourceVersion === 'unset' ? [ofEtcd] : []),
      [`${name}: all done (s)`, burst.seconds, (phase) => list(phase).latency.max! / 1_000],
      [`${name}: p50 (s)`, burst.p50Ms / 1_000, (phase) => list(phase).latency.p50! / 1_000],
      [`${name}: API server (MiB)`, burst.peakMib, (phase) => phase.apiServerPeakBytes / MIB],
    ]);
  });
}

/** The burst of the document with another number of LISTs, and where they are served from. */
function burstDocument(document: ControlPlaneDocument, burst: BurstMeasurement): ControlPlaneDocument {
  const [client] = document.clients;
  const request = { ...client!.request!, resourceVersion: burst.resourceVersion };
  const load = { ...document.phases[0]!, load: { lists: burst.lists } };
  const etcd = { ...document.etcd, baseline: `${burst.etcdIdleMib} MiB` };
  const same = { ...document, etcd, clients: [{ ...client!, request }], phases: [load] };
  return burst.streams === true ? { ...same, profile: '1.34', flags: {} } : same;
}

async function kepComparison(): Promise<Comparison[]> {
  const published = [
    ['etcd', 6.92, 3.57, 10.5],
    ['cache', 0.63, 0.23, 0.5],
  ] as const;
  const rows: Comparison[] = [];
  for (const [source, apiServerCores, etcdCores, seconds] of published) {
    const phases = phasesOf(await experiment(`kep-2340-${source}`), 0).slice(0, 2);
    const ofEtcd: Measure = [`from ${source}: etcd (cores)`, etcdCores, (phase) => phase.etcdCores];
    rows.push(
      ...compare(phases, [
        [`from ${source}: API server (cores)`, apiServerCores, (phase) => phase.apiServerCores],
        ...(source === 'etcd' ? [ofEtcd] : []),
        [`from ${source}: LIST p50 (s)`, seconds, (phase) => list(phase).latency.p50! / 1_000],
      ]),
    );
  }
  return rows;
}

function coreDns(): string {
  const { answeredShare, silentSeconds, recovery } = coreDnsRecovery();
  return [
    table(
      ['Figure', 'Measured', 'Simulated'],
      [
        ['synced, API server gone for 150 s: queries answered', 'all', `${digits(answeredShare * 100)} %`],
        ['started during an outage: silent for (s)', '5', digits(silentSeconds)],
        [
          'then SERVFAIL until, after the API server is ready (s)',
          digits(coreDnsRecoverySeconds),
          shownSpread(recovery),
        ],
      ],
    ),
    '',
    'Recovery is the last of three informers that wait 0.8 s, doubling to 30 s, and as much again at random; 300 replicas after an outage of 150 s. An endpoint change is seen when the cache entry of 30 s has run out, as measured; the model of CoreDNS has its own tests.\n',
  ].join('\n');
}
