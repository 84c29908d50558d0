/**
 * How a page talks to whoever hosts the drill. One interface for three ways: the engine's worker in this page
 * (worker-host.ts), another tab of this browser (tab-transport.ts), a small server (server-transport.ts). What is said is in
 * src/drill/drill-messages.ts.
 */
import type { Entered } from '@brownout/scenarios';
import type { DrillCall, DrillNews, FacilitatorCommand, Joined, Lobby } from '../../src/drill/drill-messages.ts';

/** A line, an interrupt, an acknowledgement. */
export type ConsoleDeed = Extract<DrillCall, { readonly kind: 'enter' }>['deed'];

/** See above. Every promise fails with an `Error` whose message is for people. */
export interface DrillTransport {
  /** Without a seat: who is there, unless the code is the facilitator's. */
  join(code: string, seat?: string): Promise<Lobby | Joined>;
  /** Everything there is for a seat that was joined, and then what changes; until the function returned is called. */
  subscribe(token: string, hear: (news: DrillNews) => void): () => void;
  enter(token: string, deed: ConsoleDeed): Promise<Entered>;
  push(token: string, button: string, cluster?: string): Promise<Entered>;
  complete(token: string, line: string): Promise<readonly string[]>;
  facilitate(token: string, command: FacilitatorCommand): Promise<void>;
  leave(token: string): Promise<void>;
  /** Gives up everything that is open. */
  close(): void;
}

/** A way to make calls: what is different between two transports. */
export type MakeCall = (call: DrillCall) => Promise<unknown>;

/** All of a transport but how calls and news travel. */
export function transportOver(
  call: MakeCall,
  subscribe: DrillTransport['subscribe'],
  close: () => void,
): DrillTransport {
  return {
    subscribe,
    close,
    join: (code, seat) => call({ kind: 'join', code, seat }) as Promise<Lobby | Joined>,
    enter: (token, deed) => call({ kind: 'enter', token, deed }) as Promise<Entered>,
    push: (token, button, cluster) => call({ kind: 'push', token, button, cluster }) as Promise<Entered>,
    complete: (token, line) => call({ kind: 'complete', token, line }) as Promise<readonly string[]>,
    facilitate: async (token, command) => void (await call({ kind: 'facilitate', token, command })),
    leave: async (token) => void (await call({ kind: 'leave', token })),
  };
}
