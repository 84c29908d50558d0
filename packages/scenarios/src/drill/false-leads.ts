/**
 * Things that happen on every day and have nothing to do with the trouble: changes, tickets, remarks. Which of them there are
 * and when is drawn from the seed alone, so that they tell nothing. The run knows nothing of them.
 */
import { Streams } from '@brownout/core';
import type { DrillLeadSection } from '../scenario/sections/drill.ts';
import type { Difficulty } from './difficulty.ts';

/** One of them; `t` in seconds after the trigger. */
export interface FalseLead extends Pick<DrillLeadSection, 'kind' | 'text'> {
  readonly t: number;
  /** Who says it, of a message. */
  readonly from: string;
}

/** They lie between these, in seconds after the start of the drill (assumed: while people look for a cause). */
const EARLIEST = -1200;
const LATEST = 2400;

const usual: readonly Omit<DrillLeadSection, 'at'>[] = [
  { kind: 'change', text: 'checkout-service 4.18.2 rolled out to all clusters by the pipeline' },
  { kind: 'change', text: 'feature flag new-session-store set to 25 %' },
  { kind: 'change', text: 'ingress certificates renewed' },
  { kind: 'change', text: 'base image of the batch workers rebuilt' },
  { kind: 'ticket', text: 'disk of a build machine 85 % full' },
  { kind: 'ticket', text: 'certificate of an internal dashboard expires in 12 days' },
  { kind: 'ticket', text: 'one node of a test cluster rebooted' },
  { kind: 'chat', text: 'We changed the retry settings of the mobile app this morning, could that be it?' },
  { kind: 'chat', text: 'Our cloud provider announced maintenance in another region today.' },
  { kind: 'chat', text: 'I had a slow VPN all day. Is it the network?' },
];

/** False leads of a drill, by time. */
export function falseLeadsOf(
  difficulty: Difficulty,
  own: readonly DrillLeadSection[] | undefined,
  options: { readonly seed: string; readonly startSeconds: number },
): FalseLead[] {
  if (own !== undefined) {
    return own.map(({ at, kind, text }) => ({ t: at / 1_000_000, kind, text, from: FROM })).sort(byTime);
  }
  const stream = new Streams(options.seed, 0).get('drill/false leads');
  const left = [...usual];
  const leads: FalseLead[] = [];
  while (leads.length < difficulty.falseLeads) {
    const [chosen] = left.splice(stream.integer(left.length), 1);
    const t = Math.round(options.startSeconds + EARLIEST + stream.uniform() * (LATEST - EARLIEST));
    leads.push({ ...chosen!, t, from: FROM });
  }
  return leads.sort(byTime);
}

const FROM = 'Sam (another team)';

function byTime(one: FalseLead, other: FalseLead): number {
  return one.t - other.t;
}
