/** What rings: alerts, customers who write, changes of the pipeline, the status page, hints. */
import type { AlertView, DrillView } from '@brownout/scenarios';
import { useState } from 'preact/hooks';
import { spanOf } from '../watch/time.ts';
import type { Member } from './member.ts';
import { type TabEntry, Tabs } from './tabs.tsx';
import { minuteOf, momentOf } from './wording.ts';

interface PagerProps {
  readonly view: DrillView;
  readonly zero: number;
  readonly member: Member;
}

/** Tabs; those that a role has nothing in are left out. */
export function Pager({ view, zero, member }: PagerProps) {
  const [shown, show] = useState('alerts');
  const entries = entriesOf(view);
  const current = entries.some(({ id }) => id === shown) ? shown : 'alerts';
  return (
    <section class="pager" aria-label="Pager">
      <Tabs label="Pager" entries={entries} shown={current} show={show}>
        {current === 'alerts' && <Alerts alerts={view.alerts} now={view.t} zero={zero} member={member} />}
        {current === 'customers' && (
          <Rows
            empty="Nobody has written."
            rows={view.customers.map(({ t, product, text }) => ({ t, who: titleOf(view, product), text }))}
            zero={zero}
          />
        )}
        {current === 'changes' && (
          <Rows
            empty="The pipeline has done nothing."
            rows={view.changes.map(({ t, cluster, text }) => ({ t, who: cluster ?? '', text }))}
            zero={zero}
          />
        )}
        {current === 'status' && (
          <Rows
            empty="The status page says that all is well."
            rows={view.statusPage.map(({ t, by, text }) => ({ t, who: by, text }))}
            zero={zero}
          />
        )}
        {current === 'hints' && <Hints view={view} zero={zero} member={member} />}
      </Tabs>
    </section>
  );
}

function entriesOf({ alerts, customers, changes, statusPage, hints, briefing: _, ...rest }: DrillView): TabEntry[] {
  const firing = alerts.filter(({ until }) => until === null);
  const isUrgent = firing.some(({ severity, acknowledgedBy }) => severity === 'page' && acknowledgedBy === null);
  return [
    { id: 'alerts', title: 'Alerts', note: String(firing.length), isUrgent },
    ...(customers.length > 0 ? [{ id: 'customers', title: 'Customers', note: String(customers.length) }] : []),
    ...(changes.length > 0 ? [{ id: 'changes', title: 'Changes', note: String(changes.length) }] : []),
    ...(statusPage.length > 0 || rest.declaredAt !== null
      ? [{ id: 'status', title: 'Status', note: String(statusPage.length) }]
      : []),
    ...(hints.left !== 0 || hints.given.length > 0
      ? [{ id: 'hints', title: 'Hints', note: String(hints.given.length) }]
      : []),
  ];
}

function titleOf({ briefing }: DrillView, product: string): string {
  return briefing.products.find(({ id }) => id === product)?.title ?? product;
}

interface AlertsProps {
  readonly alerts: readonly AlertView[];
  readonly now: number;
  readonly zero: number;
  readonly member: Member;
}

function Alerts({ alerts, now, zero, member }: AlertsProps) {
  if (alerts.length === 0) return <p class="nothing note">Nothing fires.</p>;
  return (
    <ul class="alerts">
      {alerts.map(({ id, name, severity, cluster, since, until, acknowledgedBy }) => (
        <li key={id} class={until === null ? `alert ${severity}` : 'alert over'} data-alert={id}>
          <span class="severity">{until !== null ? 'over' : severity === 'page' ? '▲ page' : '● ticket'}</span>
          <span>
            <strong>{name}</strong>
            {cluster !== null && <> {cluster}</>}{' '}
            <span class="note">
              {minuteOf(since, zero)}
              {until === null ? `, for ${spanOf(now - since)}` : ` to ${minuteOf(until, zero)}`}
              {acknowledgedBy !== null && `, ${acknowledgedBy} looks at it`}
            </span>
          </span>
          {until === null && acknowledgedBy === null && (
            <button
              type="button"
              title={`says that you look at it; the same as: ack ${id}`}
              aria-label={`acknowledge ${name}${cluster === null ? '' : `, ${cluster}`}`}
              onClick={() => void member.enter({ kind: 'acknowledge', alert: id })}
            >
              ack
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** One thing that was said or done. */
interface Row {
  readonly t: number;
  readonly who: string;
  readonly text: string;
}

/** A plain list, latest first. */
export function Rows({
  rows,
  empty,
  zero,
}: {
  readonly rows: readonly Row[];
  readonly empty: string;
  readonly zero: number;
}) {
  if (rows.length === 0) return <p class="nothing note">{empty}</p>;
  return (
    <ul class="rows">
      {rows.map(({ t, who, text }, index) => (
        // Counted from the oldest, whose place never changes.
        <li key={rows.length - index}>
          <span class="note">{momentOf(t, zero)}</span> {who !== '' && <strong>{who}</strong>} {text}
        </li>
      ))}
    </ul>
  );
}

function Hints({ view, zero, member }: PagerProps) {
  const { given, left } = view.hints;
  const [said, setSaid] = useState('');
  const ask = async (): Promise<void> => {
    const { isAccepted, text } = await member.enter({ kind: 'line', line: 'hint' });
    setSaid(isAccepted ? '' : text);
  };
  return (
    <>
      <p class="buttons">
        <button type="button" disabled={left === 0} onClick={() => void ask()}>
          a hint, please
        </button>{' '}
        <span class="note">
          {left === null ? 'as many as there are; counted in the debrief' : `${left} left; counted in the debrief`}
        </span>{' '}
        {said !== '' && <span role="status">{said}</span>}
      </p>
      <Rows
        rows={[...given].reverse().map(({ t, by, text }) => ({ t, who: by, text }))}
        empty="None yet."
        zero={zero}
      />
    </>
  );
}
