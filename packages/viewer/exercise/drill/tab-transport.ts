/**
 * Several tabs of one browser: the tab that set the drill up hosts it, the others talk to it through a broadcast channel. What
 * is told to one tab goes through a channel of its own, whose name nobody else is told, so that a trainee's tab cannot overhear
 * the facilitator's.
 */
import type { DrillNews } from '../../src/drill/drill-messages.ts';
import type { NumberedCall } from '../engine/drill-protocol.ts';
import { messageOf } from '../message-of.ts';
import { type NumberedAnswer, PendingCalls } from './pending-calls.ts';
import { type DrillTransport, transportOver } from './transport.ts';
import type { WorkerHost } from './worker-host.ts';

/** From a tab to the host. */
interface TabCall {
  /** Name of the channel that the answer is wanted on. */
  readonly reply: string;
  readonly number: number;
  /** `here` answers a sign of life; `who-hosts` asks for one. */
  readonly call: NumberedCall['call'] | { readonly kind: 'here' } | { readonly kind: 'who-hosts' };
}

/** From the host to one tab. */
type TabNews =
  | ({ readonly kind: 'answer' } & NumberedAnswer)
  | { readonly kind: 'news'; readonly token: string; readonly news: DrillNews }
  /** The host lives; told to every tab that listens, now and then. */
  | { readonly kind: 'alive' };

/** Milliseconds between two signs of life, and until the other end is taken for gone when it gives none. */
const aliveMilliseconds = 1000;
const goneMilliseconds = 10_000;
/** Milliseconds until an answer is not waited for any more. */
const patienceMilliseconds = 20_000;

/** A tab as the host knows it. */
interface Tab {
  readonly channel: BroadcastChannel;
  /** Tokens of the seats it holds. */
  readonly tokens: Set<string>;
  heard: number;
}

/** The host's end: answers the other tabs until the function returned is called. */
export function hostTabs(session: string, host: WorkerHost): () => void {
  const calls = new BroadcastChannel(channelOf(session));
  const tabs = new Map<string, Tab>();
  const tabOf = (name: string): Tab => {
    const known = tabs.get(name) ?? { channel: new BroadcastChannel(name), tokens: new Set(), heard: 0 };
    tabs.set(name, known);
    known.heard = performance.now();
    return known;
  };
  calls.onmessage = ({ data }: MessageEvent<TabCall>) => {
    const { reply, number, call } = data;
    if (call.kind === 'who-hosts') {
      const channel = new BroadcastChannel(reply);
      channel.postMessage({ kind: 'alive' } satisfies TabNews);
      channel.close();
      return;
    }
    const tab = tabOf(reply);
    if (call.kind === 'here') return;
    const say = (news: TabNews): void => tab.channel.postMessage(news);
    if (call.kind === 'subscribe') {
      const { token } = call;
      host.subscribe(token, (news) => say({ kind: 'news', token, news }));
      say({ kind: 'answer', number });
      return;
    }
    host.call(call).then(
      (answer) => {
        if (call.kind === 'join') note(tab, answer);
        say({ kind: 'answer', number, answer });
      },
      (error: unknown) => say({ kind: 'answer', number, problem: messageOf(error) }),
    );
  };
  const alive = setInterval(() => {
    for (const [name, tab] of tabs) {
      tab.channel.postMessage({ kind: 'alive' } satisfies TabNews);
      if (performance.now() - tab.heard < goneMilliseconds) continue;
      // Closed or broken: its seats are free for others.
      for (const token of tab.tokens) host.call({ kind: 'leave', token }).catch(() => {});
      tab.channel.close();
      tabs.delete(name);
    }
  }, aliveMilliseconds);
  return () => {
    clearInterval(alive);
    calls.close();
    for (const { channel } of tabs.values()) channel.close();
  };
}

/** Remembers the seat that a tab has joined. */
function note({ tokens }: Tab, answer: unknown): void {
  const token = tokenOf(answer);
  if (token !== undefined) tokens.add(token);
}

function tokenOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('token' in answer)) return undefined;
  return typeof answer.token === 'string' ? answer.token : undefined;
}

/** The other end; `onGone` is told whether the host has stopped answering. */
export function tabTransport(session: string, onGone: (isGone: boolean) => void): DrillTransport {
  const own = ownChannel(session);
  const calls = new BroadcastChannel(channelOf(session));
  const news = new BroadcastChannel(own);
  const pending = new PendingCalls();
  const listeners = new Map<string, (news: DrillNews) => void>();
  let heard = performance.now();
  const call = (what: TabCall['call']): Promise<unknown> =>
    pending.make((number) => {
      calls.postMessage({ reply: own, number, call: what } satisfies TabCall);
      const problem = 'the tab that hosts the exercise does not answer';
      setTimeout(() => pending.settle({ number, problem }), patienceMilliseconds);
    });
  /** A seat that came too late, when nobody waited for it any more, must not stay taken. */
  const giveBack = (answer: unknown): void => {
    const token = tokenOf(answer);
    if (token !== undefined) void call({ kind: 'leave', token }).catch(() => {});
  };
  news.onmessage = ({ data }: MessageEvent<TabNews>) => {
    heard = performance.now();
    if (data.kind === 'news') listeners.get(data.token)?.(data.news);
    if (data.kind === 'alive') calls.postMessage({ reply: own, number: 0, call: { kind: 'here' } } satisfies TabCall);
    if (data.kind === 'answer' && !pending.settle(data)) giveBack(data.answer);
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

/** Milliseconds until a tab that does not answer is taken for closed. */
const answerMilliseconds = 4000;

/** Whether a tab of this browser hosts that session. */
export async function isHosted(session: string): Promise<boolean> {
  const own = ownChannel(session);
  const calls = new BroadcastChannel(channelOf(session));
  const news = new BroadcastChannel(own);
  try {
    return await new Promise<boolean>((resolve) => {
      news.onmessage = () => resolve(true);
      setTimeout(() => resolve(false), answerMilliseconds);
      calls.postMessage({ reply: own, number: 0, call: { kind: 'who-hosts' } } satisfies TabCall);
    });
  } finally {
    calls.close();
    news.close();
  }
}

/** A name that nobody else is told. */
function ownChannel(session: string): string {
  return `${channelOf(session)}/${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
}

function channelOf(session: string): string {
  return `brownout-drill/${session}`;
}
