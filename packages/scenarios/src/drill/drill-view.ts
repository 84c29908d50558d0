/**
 * What one trainee sees at one moment. Plain data, and all of it comes from somewhere a person could have it from: what
 * monitoring saw at its last scrape, alerts, customers who wrote, colleagues who said something, and answers to one's own
 * commands. Nothing here is read from the model directly (decision 0048). Times in seconds after the trigger.
 */
import type { MetricName, MetricUnit } from '../operations/monitoring/metric-catalogue.ts';
import type { StepPath } from '../operations/playbook/playbook.ts';
import type { BoardId } from './roles.ts';

/** See above. */
export interface DrillView {
  readonly t: number;
  /** Time of day in the incident's zone, `15:12:30`. */
  readonly clock: string;
  readonly trainee: string;
  /** Ids of the roles held. */
  readonly roles: readonly string[];
  readonly briefing: Briefing;
  readonly boards: readonly BoardView[];
  /** Those that fire, and those that have stopped, latest first. */
  readonly alerts: readonly AlertView[];
  /** What customers wrote, latest first; empty for roles that support does not forward to. */
  readonly customers: readonly CustomerPage[];
  readonly chat: readonly ChatMessage[];
  readonly console: ConsoleView;
  readonly buttons: readonly ButtonView[];
  /** Changes that the pipeline knows of, latest first; empty without the ability `pipeline`. */
  readonly changes: readonly ChangeView[];
  readonly statusPage: readonly StatusPost[];
  readonly hints: HintsView;
  /** When somebody declared the incident, and when somebody called it over. */
  readonly declaredAt: number | null;
  readonly closedAt: number | null;
  readonly isPaused: boolean;
  readonly isOver: boolean;
}

/** What a trainee is told before it begins. */
export interface Briefing {
  readonly title: string;
  readonly text: string;
  readonly tasks: readonly string[];
  /** Clusters with what is known of them on a quiet day. */
  readonly clusters: readonly { readonly id: string; readonly nodes: number; readonly role: string }[];
  readonly products: readonly { readonly id: string; readonly title: string }[];
}

/** A board of panels. */
export interface BoardView {
  readonly id: BoardId;
  readonly title: string;
  readonly panels: readonly PanelView[];
}

/** One metric: a line for each cluster. */
export interface PanelView {
  readonly metric: MetricName;
  readonly product?: string;
  readonly title: string;
  readonly meaning: string;
  readonly unit: MetricUnit;
  /** Times of the scrapes. */
  readonly t: readonly number[];
  readonly lines: readonly PanelLine[];
}

/** What monitoring saw of one cluster. */
export interface PanelLine {
  readonly cluster: string;
  /** At each scrape; `null` = no data. */
  readonly values: readonly (number | null)[];
  /** The last of them as text, "62 %" or "no data". */
  readonly last: string;
  /** When there last was data; `null` = never. */
  readonly lastSeen: number | null;
}

/** An alert of a cluster, or of all of them. */
export interface AlertView {
  readonly id: string;
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  /** `null`: a rule over all clusters. */
  readonly cluster: string | null;
  readonly since: number;
  /** When it stopped; `null` = it fires. */
  readonly until: number | null;
  readonly acknowledgedBy: string | null;
}

/** One customer who wrote. */
export interface CustomerPage {
  readonly t: number;
  readonly product: string;
  readonly text: string;
}

/** One message in the incident channel. */
export interface ChatMessage {
  readonly t: number;
  /** Name of a trainee, of a simulated colleague, `facilitator`, or a bot. */
  readonly from: string;
  readonly text: string;
  readonly cluster?: string;
  readonly kind: 'trainee' | 'colleague' | 'bot' | 'facilitator';
}

/** Scrollback of one trainee. */
export interface ConsoleView {
  readonly lines: readonly ConsoleLine[];
  /** The command that has not come back yet; nothing else can be entered until it has, or is interrupted. */
  readonly running: { readonly line: string; readonly since: number } | null;
  /** The context that kubectl talks to when none is named; `null` = none chosen. */
  readonly context: string | null;
}

/** One entry of the scrollback; `text` may have several lines. */
export interface ConsoleLine {
  readonly t: number;
  readonly kind: 'in' | 'out' | 'error';
  readonly text: string;
}

/** One entry of the runbook. */
export interface ButtonView {
  readonly id: string;
  readonly title: string;
  /** The console line that it stands for; `<cluster>` where one is to be chosen, `<last rollout>` for what was rolled out. */
  readonly line: string;
  /** How it reaches what it changes: what tells whether it can be locked out. */
  readonly path: StepPath;
  readonly needsCluster: boolean;
}

/** A change that the pipeline carried out. */
export interface ChangeView {
  readonly t: number;
  readonly text: string;
  readonly cluster: string | null;
}

/** One entry of the public status page. */
export interface StatusPost {
  readonly t: number;
  readonly by: string;
  readonly text: string;
}

/** Hints so far, and how many may still be asked for; `null` = no limit. */
export interface HintsView {
  readonly given: readonly HintView[];
  readonly left: number | null;
}

/** One hint. */
export interface HintView {
  readonly t: number;
  /** Who asked, or `facilitator`. */
  readonly by: string;
  readonly text: string;
  /** The only trainee who is shown it; absent = all are. */
  readonly to?: string;
}

/** How a line or a button was taken. */
export interface Entered {
  /** False: nothing happens, and `text` says why. */
  readonly isAccepted: boolean;
  /** What the console showed at once; empty when the answer takes its time. */
  readonly text: string;
}
