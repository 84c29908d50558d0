/** Puts together what one trainee sees. It reads sight, team and consoles, and has no other source. */
import { clockOf } from '../scenario/clock.ts';
import { boardsFor } from './boards.ts';
import { buttonsFor } from './buttons.ts';
import type { Deeds } from './deeds.ts';
import type { DrillSession } from './drill-session.ts';
import type { Briefing, ButtonView, ChatMessage, DrillView } from './drill-view.ts';
import type { Participant } from './participants.ts';
import type { Sight } from './sight/sight.ts';
import type { Team } from './team.ts';

/** How much of the past a view carries. */
export interface ViewOptions {
  /** Of dashboards; default an hour. */
  readonly lastSeconds?: number | undefined;
}

const HOUR = 3600;
/** Messages and complaints that a view carries at most, the latest. */
const MOST_MESSAGES = 200;

/** What a view is made of. */
export interface ViewParts {
  readonly sight: Sight;
  readonly team: Team;
  readonly deeds: Deeds;
  readonly session: Pick<DrillSession, 'now' | 'scenario' | 'difficulty' | 'isOver'>;
}

/** See above. */
export function drillView(participant: Participant, parts: ViewParts, options: ViewOptions): DrillView {
  const { sight, team, deeds, session } = parts;
  const { now, scenario, difficulty, isOver } = session;
  const { name, roles, abilities, shell } = participant;
  const boards = boardsFor(sight.boards, roles, difficulty, scenario);
  const seesCustomers = roles.some((role) => role.seesCustomers);
  return {
    t: now,
    clock: clockOf(scenario.clock.zero, now),
    trainee: name,
    roles: roles.map(({ id }) => id),
    briefing: briefingOf(participant, parts),
    boards: sight.panels.view(boards, now - (options.lastSeconds ?? HOUR)),
    alerts: sight.alerts.view(),
    customers: seesCustomers ? sight.customers.pages.slice(-MOST_MESSAGES).reverse() : [],
    chat: chatOf(sight, team),
    console: shell.view(),
    buttons: buttonsFor(deeds.runbook, roles).map(
      ({ id, title, line, path, needsCluster }): ButtonView => ({ id, title, line, path, needsCluster }),
    ),
    changes: abilities.has('pipeline') ? sight.history() : [],
    statusPage: [...team.statusPage],
    hints: { given: team.hints.filter(({ to = name }) => to === name), left: deeds.ladder.left },
    declaredAt: team.declaredAt,
    closedAt: team.closedAt,
    isPaused: team.isPaused,
    isOver,
  };
}

/** Messages of all, by time; of one time as they are listed. */
function chatOf(sight: Sight, team: Team): ChatMessage[] {
  return [...sight.chat(), ...team.messages].sort((one, other) => one.t - other.t).slice(-MOST_MESSAGES);
}

/** The document's own words, or a sentence that gives nothing away: its summary says what it is about. */
function briefingOf({ roles }: Participant, { session }: ViewParts): Briefing {
  const { scenario, difficulty } = session;
  const { clusters, users, drill } = scenario;
  const serving = clusters.filter(({ traffic }) => traffic > 0).length;
  const products = users.products.map(({ title }) => title).join('; ');
  const usual = `You are on call for ${serving} cluster${serving === 1 ? '' : 's'} with users of: ${products}. ${difficulty.what}`;
  return {
    title: 'On call',
    text: drill?.briefing ?? usual,
    tasks: roles.map(({ title, task }) => `${title}: ${task}`),
    clusters: clusters.map(({ id, nodes, role }) => ({ id, nodes, role })),
    products: users.products.map(({ id, title }) => ({ id, title })),
  };
}
