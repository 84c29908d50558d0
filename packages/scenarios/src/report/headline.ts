import type { RunResult } from '../scenario/result.ts';
import { momentText, shareText, spanText } from './words.ts';

/** The outcome of a run in one or two sentences: what somebody reads who reads nothing else. */

/** Share of failing user requests below which nobody noticed; also the definition of `firstUserError`. */
const noticed = 0.001;

/** What happened, in a sentence or two. */
export function headline(result: RunResult): string {
  const measure = (name: string): number | undefined => {
    const value = result.kpis[name];
    return typeof value === 'number' ? value : undefined;
  };
  const [lost = 0, peak = 0] = [measure('clustersLost'), measure('peakErrorShare')];
  const saturation = measure('firstSaturation');
  if (lost === 0 && peak < noticed) {
    if (saturation === undefined)
      return 'A quiet day: no API server is saturated, no cluster is lost, no user notices anything.';
    return `API servers are saturated from ${momentText(result, saturation)}, but no cluster is lost and no user notices.`;
  }
  return `${lossText(result, lost)}; ${usersText(result, measure)}. ${endText(result, measure)}`.trim();
}

function lossText(result: RunResult, lost: number): string {
  const all = Object.keys(result.kpis.byCluster).length;
  if (lost === 0) return 'No cluster loses its control plane for five minutes in a row';
  return `${lost} of ${all} clusters ${lost === 1 ? 'loses its control plane' : 'lose their control plane'}`;
}

type Measure = (name: string) => number | undefined;

function usersText(result: RunResult, measure: Measure): string {
  const [first, peak, share = 0] = [measure('firstUserError'), measure('peakImpact'), measure('peakErrorShare')];
  if (first === undefined || peak === undefined) return 'users notice nothing';
  return `users see errors from ${momentText(result, first)}, and at the peak, ${momentText(result, peak)}, ${shareText(share)} of their requests fail`;
}

function endText(result: RunResult, measure: Measure): string {
  const parts: string[] = [];
  const [last, lost = 0] = [measure('lastClusterRecovered'), measure('clustersLost')];
  if (lost > 0) {
    const end = momentText(result, result.horizon.endSeconds);
    const isOne = lost === 1;
    if (last !== undefined) parts.push(`${isOne ? 'It' : 'The last one'} is well again at ${momentText(result, last)}`);
    else parts.push(`${isOne ? 'It' : 'Not all'} ${isOne ? 'is not' : 'are'} well again when the run ends, ${end}`);
  }
  const lockout = measure('lockoutSeconds') ?? 0;
  if (lockout > 0) parts.push(`operators are locked out for up to ${spanText(lockout)}`);
  const text = parts.join('; ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
