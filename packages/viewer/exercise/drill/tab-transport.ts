/**
 * Several tabs of one browser: the tab that set the drill up hosts it, the others talk to it through a broadcast channel. What
 * is told to one tab goes through a channel of its own, whose name nobody else is told, so that a trainee's tab cannot overhear
 * the facilitator's.
 */
import type { DrillCall, DrillNews } from '../../src/drill/drill-messages.ts';
import type { DrillTransport } from './transport.ts';
import { transportOver } from './transport.ts';
import type { WorkerHost } from './worker-host.ts';

/** From a tab to the host. */
interface TabCall {
  /** Name of the channel that the answer is wanted on. */
  readonly reply: string;
  readonly number: number;
  readonly call: DrillCall | { readonly kind: 'subscribe' | 'unsubscribe'; readonly token: string };
}

/** From the host to one tab. */
type TabNews =
  | { readonly kind: 'answer'; readonly number: number; readonly answer?: unknown; readonly problem?: string }
  | { readonly kind: 'news'; readonly token: string; readonly news: DrillNews }
  /** The host lives; told to every tab that listens, now and then. */
  | { readonly kind: 'alive' };

/** Milliseconds between two signs of life, and until a host that gives none is taken for gone. */
const aliveMilliseconds = 1000;
const goneMilliseconds = 6000;

/** The host's end: answers the other tabs until the function returned is called. */
export function hostTabs(session: string, host: WorkerHost): () => void {
  const calls = new BroadcastChannel(channelOf(session));
  const replies = new Map<string, BroadcastChannel>();
  const listening = new Map<string, () => void>();
  const replyTo = (name: string): BroadcastChannel => {
    const known = replies.get(name);
    if (known !== undefined) return known;
    const opened = new BroadcastChannel(name);
    replies.set(name, opened);
    return opened;
  };
  calls.onmessage = ({ data }: MessageEvent<TabCall>) => {
    const { reply, number, call } = data;
    const channel = replyTo(reply);
    const say = (news: TabNews): void => channel.postMessage(news);
    if (call.kind === 'subscribe') {
      const { token } = call;
      listening.set(
        token,
        host.subscribe(token, (news) => say({ kind: 'news', token, news })),
      );
      say({ kind: 'answer', number });
    } else if (call.kind === 'unsubscribe') {
      listening.get(call.token)?.();
      listening.delete(call.token);
      say({ kind: 'answer', number });
    } else {
      host.call(call).then(
        (answer) => say({ kind: 'answer', number, answer }),
        (error: unknown) =>
          say({ kind: 'answer', number, problem: error instanceof Error ? error.message : String(error) }),
      );
    }
  };
  const alive = setInterval(() => {
    for (const channel of replies.values()) channel.postMessage({ kind: 'alive' } satisfies TabNews);
  }, aliveMilliseconds);
  return () => {
    clearInterval(alive);
    calls.close();
    for (const channel of replies.values()) channel.close();
  };
}

/** The other end; `onGone` is told whether the host has stopped answering. */
export function tabTransport(session: string, onGone: (isGone: boolean) => void): DrillTransport {
  const own = `${channelOf(session)}/${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  const calls = new BroadcastChannel(channelOf(session));
  const news = new BroadcastChannel(own);
  const waiting = new Map<
    number,
    { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }
  >();
  const listeners = new Map<string, (news: DrillNews) => void>();
  let count = 0;
  let heard = performance.now();
  const call = (what: TabCall['call']): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const number = ++count;
      waiting.set(number, { resolve, reject });
      calls.postMessage({ reply: own, number, call: what } satisfies TabCall);
      setTimeout(() => {
        if (waiting.delete(number)) reject(new Error('the tab that hosts the exercise does not answer'));
      }, goneMilliseconds);
    });
  news.onmessage = ({ data }: MessageEvent<TabNews>) => {
    heard = performance.now();
    if (data.kind === 'news') listeners.get(data.token)?.(data.news);
    if (data.kind !== 'answer') return;
    const one = waiting.get(data.number);
    waiting.delete(data.number);
    if (data.problem === undefined) one?.resolve(data.answer);
    else one?.reject(new Error(data.problem));
  };
  const watch = setInterval(() => onGone(performance.now() - heard > goneMilliseconds), aliveMilliseconds);
  return transportOver(
    call,
    (token, hear) => {
      listeners.set(token, hear);
      void call({ kind: 'subscribe', token }).catch(() => onGone(true));
      return () => {
        listeners.delete(token);
        void call({ kind: 'unsubscribe', token }).catch(() => {});
      };
    },
    () => {
      clearInterval(watch);
      calls.close();
      news.close();
    },
  );
}

function channelOf(session: string): string {
  return `brownout-drill/${session}`;
}
