/** The small outage with mitigations, run over a few seeds and summed up, for tests of what they do. */
import { mitigations } from '../src/mitigations/index.ts';
import type { ScenarioDocument } from '../src/scenario/document.ts';
import { applyMitigations, parseMitigationList } from '../src/scenario/mitigation.ts';
import { runScenario } from '../src/scenario/run.ts';
import { smallScenario } from './small-scenario.ts';

/** The document after mitigations as they are typed on the command line. */
export function mitigated(list: string, document: ScenarioDocument = smallScenario()): ScenarioDocument {
  return list === '' ? document : applyMitigations(document, parseMitigationList(list, mitigations)).document;
}

/** What became of it, added up over seeds. */
export interface Outcome {
  readonly kills: number;
  readonly lost: number;
  /** Seconds in which the API was unavailable, and of lock-out. */
  readonly unavailable: number;
  readonly lockout: number;
  /** Share of user requests that failed. */
  readonly users: number;
}

/** No API server died, no user noticed. */
export const unharmed: Outcome = { kills: 0, lost: 0, unavailable: 0, lockout: 0, users: 0 };

/** Runs the document once for each seed. */
export function outcome(
  document: ScenarioDocument,
  options: { readonly seeds?: readonly number[]; readonly untilSeconds?: number } = {},
): Outcome {
  const { seeds = [1, 2], untilSeconds } = options;
  const runs = seeds.map(
    (seed) => runScenario(document, { seed, ...(untilSeconds === undefined ? {} : { untilSeconds }) }).kpis,
  );
  const total = (kpi: string): number => runs.reduce((sum, kpis) => sum + Number(kpis[kpi] ?? 0), 0);
  return {
    kills: total('apiServerOomKills'),
    lost: total('clustersLost'),
    unavailable: total('controlPlaneUnavailableSeconds'),
    lockout: total('lockoutSeconds'),
    users: total('usersAffectedShare'),
  };
}
