/** What has come up for a trainee since the last look, as lines for a terminal: output, alerts, messages, complaints, hints. */
import type { DrillView } from '../drill/drill-view.ts';
import type { Style } from './style.ts';
import { hang } from './text.ts';

/** One piece of news. */
export interface DrillNewsLine {
  /** Seconds after the trigger. */
  readonly t: number;
  readonly kind:
    | 'output'
    | 'error'
    | 'typed'
    | 'alert'
    | 'alert-over'
    | 'chat'
    | 'customer'
    | 'hint'
    | 'status'
    | 'change';
  readonly text: string;
}

/** Remembers what one trainee has been shown. */
export class DrillNews {
  readonly #shown: Set<string> = new Set();

  /** What is in the view and was not in one before, by time. */
  take(view: DrillView): DrillNewsLine[] {
    const lines = linesOf(view);
    const fresh = lines.filter((line) => !this.#shown.has(keyOf(line)));
    for (const line of fresh) this.#shown.add(keyOf(line));
    return fresh.sort((one, other) => one.t - other.t);
  }

  /** Takes everything in the view as shown: what happened before somebody came. */
  skip(view: DrillView): void {
    this.take(view);
  }
}

function keyOf({ t, kind, text }: DrillNewsLine): string {
  return `${t} ${kind} ${text}`;
}

function linesOf(view: DrillView): DrillNewsLine[] {
  const kinds = { in: 'typed', out: 'output', error: 'error' } as const;
  const { console: own } = view;
  return [
    // What was typed stands before what came of it in the same instant.
    ...own.lines.map(({ t, kind, text }): DrillNewsLine => ({ t, kind: kinds[kind], text })),
    ...view.alerts.flatMap(({ id, name, severity, cluster, since, until }): DrillNewsLine[] => {
      const where = cluster === null ? '' : ` for ${cluster}`;
      const fired: DrillNewsLine = {
        t: since,
        kind: 'alert',
        text: `${name} fires${where}${severity === 'ticket' ? ' (ticket)' : `: ack ${id}`}`,
      };
      return until === null ? [fired] : [fired, { t: until, kind: 'alert-over', text: `${name} has stopped${where}` }];
    }),
    ...view.changes.map(
      ({ t, cluster, text }): DrillNewsLine => ({
        t,
        kind: 'change',
        text: cluster === null ? text : `${cluster}: ${text}`,
      }),
    ),
    ...view.chat.map(({ t, from, text }): DrillNewsLine => ({ t, kind: 'chat', text: `${from}: ${text}` })),
    ...view.customers.map(
      ({ t, product, text }): DrillNewsLine => ({ t, kind: 'customer', text: `${product}: ${text}` }),
    ),
    ...view.statusPage.map(({ t, by, text }): DrillNewsLine => ({ t, kind: 'status', text: `${by}: ${text}` })),
    ...view.hints.given.map(({ t, text }): DrillNewsLine => ({ t, kind: 'hint', text })),
  ];
}

const labels: Readonly<Record<DrillNewsLine['kind'], string>> = {
  typed: '$',
  output: '',
  error: '',
  alert: 'ALERT',
  'alert-over': 'alert',
  chat: 'chat',
  customer: 'customer',
  hint: 'hint',
  status: 'status',
  change: 'pipeline',
};

/** Width of the longest label. */
const labelWidth = 8;

/** The line as a terminal shows it, after the time of day `clock`. What a command printed keeps its lines and its columns. */
export function drillNewsText(
  { kind, text }: DrillNewsLine,
  clock: string,
  { width, style }: { readonly width: number; readonly style: Style },
): string[] {
  if (kind === 'output') return text.split('\n');
  if (kind === 'error') return text.split('\n').map(style.bad);
  const head = `${clock}  ${labels[kind].padEnd(labelWidth)}  `;
  const paint =
    kind === 'alert' ? style.bad : kind === 'alert-over' ? style.good : kind === 'hint' ? style.warn : undefined;
  if (kind === 'typed') return [style.strong(`${clock}  $ ${text}`)];
  return hang(head, text, width, paint);
}
