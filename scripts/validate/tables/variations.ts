/** Ways to vary a document that several tables use. */
import {
  amountOf,
  applyMitigations,
  mitigations,
  parseMitigationList,
  type ScenarioDocument,
} from '@brownout/scenarios';

/** Two and a half hours: alert within 30 minutes, diagnosis, and an hour of trying to roll back fit. */
const rollbackHorizon = '150 min';

/** Names of the recovery actions of a document's operators. */
export const recoveryActions = ['blockAdminApi', 'scaleUp', 'scaleDown'] as const;

/** What a playbook calls them. */
export const stepOf = {
  blockAdminApi: 'block-admin-api',
  scaleUp: 'scale-api-servers-up',
  scaleDown: 'scale-cluster-down',
} as const;

/** One of them. */
export type RecoveryAction = (typeof recoveryActions)[number];

/** The document whose operators have only these recovery actions besides roll-back through the API. */
export function withRecovery(document: ScenarioDocument, kept: readonly RecoveryAction[]): ScenarioDocument {
  const { mitigation, values } = parseMitigationList('recovery-actions', mitigations)[0]!;
  return applyMitigations(document, [{ mitigation, values: { ...values, use: kept.map(nameOf) } }]).document;
}

/** How mitigations and tables call an action: `block-admin-api`. */
export function nameOf(action: RecoveryAction): string {
  return action.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Roll-back through the API as the only way, for as long as its band is about. */
export function rollbackOnly(document: ScenarioDocument): ScenarioDocument {
  return untilAtMost(withRecovery(document, []), rollbackHorizon);
}

/** The document with an earlier end. */
export function untilAtMost(document: ScenarioDocument, end: string): ScenarioDocument {
  const horizon = { ...document.horizon, end };
  return amountOf(plain(document.horizon.end)) <= amountOf(end) ? document : { ...document, horizon };
}

/** The document with a later end. */
export function untilAtLeast(document: ScenarioDocument, end: string): ScenarioDocument {
  const horizon = { ...document.horizon, end };
  return amountOf(plain(document.horizon.end)) >= amountOf(end) ? document : { ...document, horizon };
}

/** A stated value without its source. */
export function plain<T extends string | number>(stated: T | { readonly value: T }): T {
  return typeof stated === 'object' ? stated.value : stated;
}
