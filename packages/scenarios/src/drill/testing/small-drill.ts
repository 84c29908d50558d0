/** A drill on the small scenario that tests share: one hour, two clusters, one of which is lost. */
import { smallScenario } from '../../../test/small-scenario.ts';
import type { ScenarioDocument } from '../../scenario/document.ts';
import type { DrillSetup } from '../drill-setup.ts';

/** One trainee who does everything, and nobody else. */
export function smallDrill(changes: Partial<DrillSetup> = {}): DrillSetup {
  return {
    document: smallDocument(),
    trainees: [{ name: 'alice', roles: ['commander', 'platform', 'networking', 'communications'] }],
    colleagues: 'nobody',
    ...changes,
  };
}

/** The document, with a shorter day; its cluster `large` is lost some six minutes after the trigger. */
export function smallDocument(changes: Partial<ScenarioDocument> = {}): ScenarioDocument {
  return { ...smallScenario({ nodes: 300, end: '40 min' }), ...changes };
}

/** Faults as a document writes them. */
export type WrittenFaults = NonNullable<ScenarioDocument['faults']>;

/** The same with fewer nodes and without its rollout: nothing happens but these faults. */
export function quietDocument(faults: WrittenFaults): ScenarioDocument {
  return { ...smallScenario({ nodes: 60, end: '40 min' }), rollout: null, faults };
}
