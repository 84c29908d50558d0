/**
 * What alert rules say about when people would have been woken, for the operators of a next run. The rules must have been
 * evaluated on a run in which nobody was woken: then nothing that people did has changed what the rules saw.
 */
import { afterText, type ScenarioDocument } from '@brownout/scenarios';
import type { AlertsResult, AlertVerdict } from './evaluate.ts';

/** The rule that fired first of those that page; undefined when none did. */
export function firstPage({ alerts }: Pick<AlertsResult, 'alerts'>): AlertVerdict | undefined {
  return alerts
    .filter((one) => wakes(one) && one.firstFiring !== null)
    .reduce<AlertVerdict | undefined>(
      (first, one) => (first === undefined || one.firstFiring! < first.firstFiring! ? one : first),
      undefined,
    );
}

/** Whether an alert wakes somebody: its severity says page or critical, or it has none. */
export function wakes({ labels }: Pick<AlertVerdict, 'labels'>): boolean {
  const { severity } = labels;
  return severity === undefined || severity === 'page' || severity === 'critical';
}

/** The scenario with people whom no alert wakes. */
export function withoutPages(document: ScenarioDocument): ScenarioDocument {
  return { ...document, operators: { ...document.operators, detection: { at: null, by: 'nobody' } } };
}

/** A file for `--set @file`: people are woken when the first of the rules fired, or never. */
export function detectionText(result: AlertsResult, rulesFile: string): string {
  const first = firstPage(result);
  const evaluated = `${rulesFile} evaluated by Prometheus on ${result.scenario}, document ${result.documentHash}, seed ${result.seed}`;
  const at = first === undefined ? null : { value: `${first.firstFiring!} s`, source: 'derived', note: evaluated };
  const by = first?.alert ?? 'none of the rules';
  return [
    `# ${evaluated}, engine ${result.engineVersion}: ${first === undefined ? 'no rule that pages fired' : `${by} fired ${afterText(first.firstFiring!)}`}`,
    '# brownout replay <scenario> --set @<this file>',
    `operators.detection=${JSON.stringify({ at, by })}`,
    '',
  ].join('\n');
}
