/** What became of alert rules, for people. */
import { afterText, momentText, spanText, type Style } from '@brownout/scenarios';
import { wrapped } from '../wrapped.ts';
import type { AlertsResult, AlertVerdict } from './evaluate.ts';

/**
 * A table of the rules: which fired, when, and how long before the first user error; then what to be careful about. Everything
 * but long names of rules fits into `width` characters.
 */
export function alertsText(result: AlertsResult, style: Style, width: number): string {
  const { firstUserError, alerts } = result;
  const users =
    firstUserError === null ? 'no user saw an error' : `first user errors ${momentText(result, firstUserError)}`;
  const fired = alerts.filter(({ firstFiring }) => firstFiring !== null);
  const early = fired.filter(({ leadSeconds }) => leadSeconds !== null && leadSeconds > 0);
  const summary =
    firstUserError === null
      ? `${fired.length} of ${alerts.length} rules fired`
      : `${fired.length} of ${alerts.length} rules fired, ${early.length} of them before the first user error`;
  const nameWidth = Math.max(5, ...alerts.map(({ alert }) => alert.length));
  const rows = [...alerts].sort(byFirst).map((one) => {
    const when = one.firstFiring === null ? style.faint('did not fire') : momentText(result, one.firstFiring);
    const name = `  ${one.alert.padEnd(nameWidth)}  `;
    if (one.firstFiring === null) return [`${name}${when}`];
    const [lead, where] = [leadText(one), whereText(one)];
    return wrapped(`${name}${when.padEnd(18)}${lead === '' ? '' : `  ${lead}`}${where}`, width);
  });
  return `${[
    style.strong(result.title),
    `${summary}; ${users}`,
    '',
    ...rows.flat(),
    ...remarks(alerts, style, width),
    '',
    ...wrapped(
      `scraped every ${spanText(result.scrapeSeconds)}; document ${result.documentHash}, engine ${result.engineVersion}, seed ${result.seed}, digest ${result.digest}`,
      width,
    ).map(style.faint),
  ].join('\n')}\n`;
}

function leadText({ leadSeconds }: AlertVerdict): string {
  if (leadSeconds === null) return '';
  if (leadSeconds === 0) return 'with the first user error';
  return `${spanText(Math.abs(leadSeconds))} ${leadSeconds > 0 ? 'before' : 'after'} the first user error`;
}

/** The clusters in which it fired, where its elements name them. */
function whereText({ firings }: AlertVerdict): string {
  const clusters = [...new Set(firings.map(({ labels }) => labels['cluster']).filter((id) => id !== undefined))];
  if (clusters.length === 0) return '';
  return `  in ${clusters.slice(0, 3).join(', ')}${clusters.length > 3 ? ` and ${clusters.length - 3} more` : ''}`;
}

function remarks(alerts: readonly AlertVerdict[], style: Style, width: number): string[] {
  const before = alerts.filter(({ firedBefore }) => firedBefore);
  const mute = alerts.filter(({ missingMetrics }) => missingMetrics.length > 0);
  const lines = [
    ...before.map(
      ({ alert, firings }) => `${alert} fired ${afterText(firings[0]!.firedAt)}, before anything was wrong`,
    ),
    ...mute.map(
      ({ alert, missingMetrics }) => `${alert} asks for what this run does not have: ${missingMetrics.join(', ')}`,
    ),
  ];
  return lines.length === 0
    ? []
    : ['', style.strong('BE CAREFUL'), ...lines.flatMap((line) => wrapped(`  ${line}`, width))];
}

function byFirst(a: AlertVerdict, b: AlertVerdict): number {
  return (a.firstFiring ?? Infinity) - (b.firstFiring ?? Infinity);
}
