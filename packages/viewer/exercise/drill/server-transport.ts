/** A drill that a small server hosts (`brownout drill --serve`): calls as POST, news as Server-Sent Events, to where the page came from. */
import type { DrillNews } from '../../src/drill/drill-messages.ts';
import { type DrillTransport, type MakeCall, transportOver } from './transport.ts';

/** What stands in the address of somebody who was invited: `#join=<code>` or `#join=<session>/<code>`. */
export interface Invitation {
  readonly session: string;
  readonly code: string;
}

/** The session of a server that hosts one. */
const onlySession = 'drill';

/** Reads what stands behind the `#`; undefined without an invitation. */
export function invitationOf(parameters: string): Invitation | undefined {
  const [, session, code] = /^join=(?:([\w-]{1,40})\/)?([\w-]{1,80})$/.exec(parameters) ?? [];
  return code === undefined ? undefined : { session: session ?? onlySession, code };
}

/** Until an answer is not waited for any more. */
const patienceMilliseconds = 15_000;

/** See above; `onGone` is told whether the server has stopped answering. */
export function serverTransport(session: string, onGone: (isGone: boolean) => void, base = '/api'): DrillTransport {
  const root = `${base}/${session}`;
  const open = new Set<EventSource>();
  const call: MakeCall = async ({ kind, ...body }) => {
    const response = await fetch(`${root}/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      // A page that is closed still gives its seat back.
      keepalive: kind === 'leave',
      signal: AbortSignal.timeout(patienceMilliseconds),
    }).catch(() => {
      throw new Error('the server of the exercise does not answer');
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok) return answer;
    throw new Error(problemOf(answer) ?? `the server of the exercise answered ${response.status}`);
  };
  const subscribe: DrillTransport['subscribe'] = (token, hear) => {
    const events = new EventSource(`${root}/events?token=${encodeURIComponent(token)}`);
    open.add(events);
    events.onmessage = ({ data }: MessageEvent<string>) => {
      const news = JSON.parse(data) as DrillNews;
      hear(news);
      // Nothing comes after these, and the server may be gone.
      if (news.kind === 'over' || news.kind === 'left') events.close();
    };
    events.onopen = () => onGone(false);
    events.onerror = () => {
      // A line that broke is taken up again by the browser itself, and the server then tells everything from the beginning.
      onGone(events.readyState !== EventSource.CLOSED);
      if (events.readyState === EventSource.CLOSED)
        hear({ kind: 'left', why: 'the server of the exercise does not know this page any more' });
    };
    return () => {
      events.close();
      open.delete(events);
    };
  };
  return transportOver(call, subscribe, () => {
    for (const events of open) events.close();
  });
}

function problemOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return undefined;
  return typeof answer.error === 'string' ? answer.error : undefined;
}
