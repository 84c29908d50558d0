/** Plays a script: goes on to each moment, has done what it says, and tells everybody's news as a transcript. */
import {
  clockOf,
  DrillNews,
  drillNewsText,
  isTraineeDeed,
  type DrillScript,
  type DrillSession,
  type ScriptAction,
  type Style,
} from '@brownout/scenarios';
import { InputError } from '../input-error.ts';

/** How a script is played. */
export interface PlayOptions {
  readonly style: Style;
  readonly width: number;
  readonly write: (text: string) => void;
  readonly onProgress?: (now: number, end: number) => void;
  readonly abort?: { readonly aborted: boolean };
}

/** A command that has not come back after so many seconds is not waited for any more. */
const longestWait = 3600;
/** News need nothing of dashboards, which are most of a view. */
const noPast = { lastSeconds: 0 } as const;
/** News are told at least so often, in seconds. */
const told = 60;
/** What has happened is seen so many seconds later at most: an exercise looks every five seconds what there is to be seen. */
const latestSeen = 5;

/** Something to be told. */
interface Told {
  readonly t: number;
  /** Whether it stands in the console of one trainee. */
  readonly isOwn: boolean;
  readonly lines: readonly string[];
}

/** Plays it to the end; false when it was stopped on the way. Throws `InputError` for what cannot be done at all. */
export function playScript(session: DrillSession, script: DrillScript, options: PlayOptions): boolean {
  return new ScriptPlayer(session, options).play(script);
}

class ScriptPlayer {
  readonly #session: DrillSession;
  readonly #options: PlayOptions;
  readonly #news: ReadonlyMap<string, DrillNews>;
  readonly #seen: Set<string> = new Set();
  /** What is not told yet: something that was before it may be seen after it. */
  #waiting: Told[] = [];

  constructor(session: DrillSession, options: PlayOptions) {
    this.#session = session;
    this.#options = options;
    this.#news = new Map(session.participants.map(({ name }) => [name, new DrillNews()]));
  }

  play(script: DrillScript): boolean {
    try {
      return this.#play(script);
    } finally {
      this.#tellUntil(Infinity);
    }
  }

  #play({ actions }: DrillScript): boolean {
    const session = this.#session;
    if (!session.start(this.#steps())) return false;
    for (const [name, news] of this.#news) news.skip(session.view(name, noPast));
    for (const [index, action] of actions.entries()) {
      const place = `actions[${index}]`;
      const who = this.#whoDoes(action, place);
      if (!this.#until(action, who, place)) return false;
      this.#do(action, who, place);
      this.#tell();
    }
    return this.#goTo(session.endSeconds);
  }

  #whoDoes({ by, deed }: ScriptAction, place: string): string | undefined {
    if (!isTraineeDeed(deed)) return undefined;
    const names = this.#session.participants.map(({ name }) => name);
    if (by === undefined && names.length === 1) return names[0]!;
    if (by !== undefined && names.includes(by)) return by;
    throw new InputError(`${place}.by: expected ${names.join(', ')}, got ${by === undefined ? 'nothing' : `"${by}"`}`);
  }

  #until({ moment }: ScriptAction, who: string | undefined, place: string): boolean {
    const session = this.#session;
    if ('at' in moment) {
      if (moment.at < session.now) {
        throw new InputError(`${place}.at: it is ${session.now} s after the trigger by then, got ${moment.at} s`);
      }
      return this.#goTo(moment.at);
    }
    if (who !== undefined && !this.#untilFree(who)) return false;
    return this.#goTo(session.now + moment.after);
  }

  #untilFree(who: string): boolean {
    const session = this.#session;
    const latest = session.now + longestWait;
    while (this.#isBusy(who) && session.now < latest && !session.isOver) {
      if (!this.#goTo(session.now + 1)) return false;
    }
    return true;
  }

  #isBusy(who: string): boolean {
    return this.#session.view(who, noPast).console.running !== null;
  }

  #do({ deed }: ScriptAction, who: string | undefined, place: string): void {
    const session = this.#session;
    try {
      if (!isTraineeDeed(deed)) {
        session.facilitate(deed);
        return;
      }
      const entered = session.do(who!, deed);
      if (!entered.isAccepted)
        this.#waiting.push({ t: session.now, isOwn: true, lines: [`${place}: not taken: ${entered.text}`] });
    } catch (error) {
      throw error instanceof RangeError ? new InputError(`${place}: ${error.message}`) : error;
    }
  }

  #goTo(seconds: number): boolean {
    const session = this.#session;
    const end = Math.min(seconds, session.endSeconds);
    while (session.now < end) {
      if (!session.advanceTo(Math.min(end, session.now + told), this.#steps())) return false;
      this.#options.onProgress?.(session.now, session.endSeconds);
      this.#tell();
    }
    return true;
  }

  #steps(): { readonly abort?: { readonly aborted: boolean } } {
    const { abort } = this.#options;
    return abort === undefined ? {} : { abort };
  }

  /** What reached several trainees is told once; output of a console has its trainee before it. */
  #tell(): void {
    const { style, width } = this.#options;
    const several = this.#news.size > 1;
    for (const [name, news] of this.#news) {
      for (const line of news.take(this.#session.view(name, noPast))) {
        const isOwn = line.kind === 'typed' || line.kind === 'output' || line.kind === 'error';
        const key = `${line.t} ${line.kind} ${line.text}`;
        if (!isOwn && this.#seen.has(key)) continue;
        this.#seen.add(key);
        const shown = line.kind === 'typed' && several ? { ...line, text: `[${name}] ${line.text}` } : line;
        const clock = clockOf(this.#session.scenario.clock.zero, Math.floor(line.t));
        this.#waiting.push({ t: line.t, isOwn, lines: drillNewsText(shown, clock, { width, style }) });
      }
    }
    this.#tellUntil(this.#session.now - latestSeen);
  }

  /** By time, whomever it reached; of one time what was typed and answered comes first, and then what others hear of it. */
  #tellUntil(time: number): void {
    const due = this.#waiting
      .filter(({ t }) => t <= time)
      .sort((one, other) => one.t - other.t || Number(other.isOwn) - Number(one.isOwn));
    this.#waiting = this.#waiting.filter(({ t }) => t > time);
    for (const { lines } of due) this.#options.write(`${lines.join('\n')}\n`);
  }
}
