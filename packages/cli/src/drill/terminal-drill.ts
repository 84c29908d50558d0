/**
 * A drill in a terminal: what is typed goes to the console of the trainee in front, lines that begin with a slash to the
 * exercise itself, and news are printed as they come. It has no clock: whoever hosts it says how much time has passed, so
 * that it is the same on a terminal, in a pipe and in a test.
 */
import {
  clockOf,
  drillAlertsText,
  drillBoardText,
  drillBriefingText,
  didYouMean,
  DrillNews,
  drillNewsText,
  drillRunbookText,
  readTime,
  type DrillSession,
  type DrillTextOptions,
  type DrillView,
} from '@brownout/scenarios';
import { exerciseHelp, facilitationOf, facilitatorWords } from './exercise-lines.ts';

/** What the host of a terminal drill decides. */
export interface TerminalDrillOptions extends DrillTextOptions {
  readonly write: (text: string) => void;
  /** Simulated seconds to one of the wall clock. */
  readonly speed: number;
  /** Writes the session into the file, or the usual one; returns the name. Its failure is told and ends nothing. */
  readonly save: (file: string | undefined) => string;
}

/** Speeds that can be chosen. */
const slowest = 1;
const fastest = 1000;
/** Longest that `/skip` goes at once, in seconds. */
const longestSkip = 24 * 3600;
/** A command that has not come back after so long is not waited for by `/wait`, in seconds. */
const longestWait = 600;

/** See above. */
export class TerminalDrill {
  readonly #session: DrillSession;
  readonly #options: TerminalDrillOptions;
  readonly #news: ReadonlyMap<string, DrillNews>;
  /** Lines that begin with a slash, by their first word. */
  readonly #commands: Readonly<Record<string, (rest: string) => void>> = {
    help: () => this.#write(exerciseHelp),
    board: (rest) => this.#board(rest),
    alerts: () => this.#write(drillAlertsText(this.#view(), (t) => this.#clock(t), this.#options)),
    runbook: () => this.#write(drillRunbookText(this.#view(), this.#options)),
    push: (rest) => this.#push(rest),
    brief: () => this.#write(drillBriefingText(this.#view(), this.#options)),
    pause: () => this.#pause(true),
    resume: () => this.#pause(false),
    speed: (rest) => this.#changeSpeed(rest),
    skip: (rest) => this.#skip(rest),
    wait: () => this.#wait(),
    as: (rest) => this.#sit(rest),
    save: (rest) => this.#save(rest),
    end: () => (this.#isEnded = true),
    truth: () => this.#truth(),
  };
  #trainee: string;
  #speed: number;
  #isPaused = false;
  #isEnded = false;

  constructor(session: DrillSession, options: TerminalDrillOptions) {
    this.#session = session;
    this.#options = options;
    this.#speed = options.speed;
    this.#news = new Map(session.participants.map(({ name }) => [name, new DrillNews()]));
    this.#trainee = session.participants[0]!.name;
  }

  /** Somebody has ended it, or its time is over. */
  get isOver(): boolean {
    return this.#isEnded || this.#session.isOver;
  }

  /** What stands before the place where one types. */
  get prompt(): string {
    const { style } = this.#options;
    const { console: own, clock } = this.#view();
    const state = own.running === null ? '$' : '...';
    const pause = this.#isPaused ? ' paused' : '';
    return `${style.faint(`${clock}${pause} ${this.#trainee}`)} ${state} `;
  }

  /** Says what it is about. What happened before is on the dashboards. */
  begin(): void {
    for (const [name, news] of this.#news) news.skip(this.#session.view(name, { lastSeconds: 0 }));
    const view = this.#view();
    this.#write([
      ...drillBriefingText(view, this.#options),
      '',
      `It is ${view.clock}. Type help for the commands of your console, /help for those of the exercise.`,
    ]);
  }

  /** So many seconds of the wall clock have passed. Returns whether anything was printed. */
  tick(wallSeconds: number): boolean {
    if (this.#isPaused || this.isOver) return false;
    return this.#advance(wallSeconds * this.#speed);
  }

  /** Takes a line. */
  line(text: string): void {
    const line = text.trim();
    if (line === '') return;
    if (line.startsWith('/')) this.#ownCommand(line);
    else this.#entered(() => this.#session.enter(this.#trainee, line));
    this.#tell();
  }

  /** ^C: gives a command up that has not come back; false when none runs. */
  interrupt(): boolean {
    if (this.#view().console.running === null) return false;
    this.#entered(() => this.#session.interrupt(this.#trainee));
    this.#tell();
    return true;
  }

  /** What the last word of a line may go on with, for the Tab key. */
  complete(line: string): string[] {
    if (!line.startsWith('/')) return this.#session.complete(this.#trainee, line);
    const [first = '', second] = line.slice(1).split(/\s+/);
    if (second === undefined) return this.#words.filter((word) => word.startsWith(first)).map((word) => `/${word}`);
    const view = this.#view();
    const names: Readonly<Record<string, readonly string[]>> = {
      board: view.boards.map(({ id }) => id),
      push: view.buttons.map(({ id }) => id),
      as: this.#session.participants.map(({ name }) => name),
    };
    return (names[first] ?? []).filter((name) => name.startsWith(second));
  }

  get #words(): string[] {
    return [...Object.keys(this.#commands), ...facilitatorWords];
  }

  #ownCommand(line: string): void {
    const [, word = '', rest = ''] = /^\/(\S*)\s*(.*)$/.exec(line) ?? [];
    if (facilitatorWords.includes(word)) {
      this.#facilitate(() => this.#session.facilitate(facilitationOf(word, rest)));
      return;
    }
    const command = this.#commands[word];
    if (command !== undefined) command(rest);
    else this.#problem(`/${word}: no such command${didYouMean(word, this.#words)} (/help lists them)`);
  }

  #facilitate(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#problem(error.message);
    }
  }

  #entered(enter: () => { readonly isAccepted: boolean; readonly text: string }): void {
    const { isAccepted, text } = enter();
    if (!isAccepted) this.#problem(text);
  }

  #board(name: string): void {
    const { boards } = this.#view({});
    const chosen = name === '' ? boards : boards.filter(({ id }) => id === name);
    const ids = boards.map(({ id }) => id);
    if (chosen.length > 0) this.#write(chosen.flatMap((board) => [...drillBoardText(board, this.#options), '']));
    else this.#problem(`/board: you have ${ids.join(', ')}, got "${name}"${didYouMean(name, ids)}`);
  }

  #push(rest: string): void {
    const [button = '', cluster] = rest.split(/\s+/);
    this.#entered(() => this.#session.push(this.#trainee, button, cluster));
  }

  #pause(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    this.#session.facilitate({ kind: isPaused ? 'pause' : 'resume' });
  }

  #changeSpeed(text: string): void {
    const speed = Number(text);
    if (speed >= slowest && speed <= fastest) this.#speed = speed;
    else this.#problem(`/speed: expected a number from ${slowest} to ${fastest}, got "${text}"`);
  }

  #skip(text: string): void {
    const reading = readTime(text);
    const seconds = reading.problem === undefined ? reading.value / 1_000_000 : NaN;
    if (!(seconds > 0 && seconds <= longestSkip)) {
      this.#problem(`/skip: expected a time up to 24 h such as "5 min", got "${text}"`);
      return;
    }
    const { alerts } = this.#view();
    const end = this.#session.now + seconds;
    while (this.#session.now < end && !this.isOver) {
      this.#advance(Math.min(10, end - this.#session.now));
      const isNew = this.#view().alerts.some(({ id, until }) => until === null && !alerts.some((one) => one.id === id));
      if (isNew) return;
    }
  }

  #wait(): void {
    const end = this.#session.now + longestWait;
    while (this.#view().console.running !== null && this.#session.now < end && !this.isOver) this.#advance(1);
  }

  #sit(name: string): void {
    const names = this.#session.participants.map((one) => one.name);
    if (names.includes(name)) this.#trainee = name;
    else this.#problem(`/as: expected ${names.join(', ')}, got "${name}"${didYouMean(name, names)}`);
  }

  #save(file: string): void {
    try {
      this.#write([`session: ${this.#options.save(file === '' ? undefined : file)}`]);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#problem(error.message);
    }
  }

  #truth(): void {
    const { notes, ownNotes } = this.#session.truth();
    const { style } = this.#options;
    const latest = notes.slice(-20);
    this.#write([
      style.strong('What has happened, whoever could know of it'),
      ...latest.map(
        ({ t, text, cluster }) => `${this.#clock(t)}  ${cluster === undefined ? '' : `${cluster}: `}${text}`,
      ),
      ...ownNotes.map(({ t, text }) => `${this.#clock(t)}  your note: ${text}`),
    ]);
  }

  #advance(seconds: number): boolean {
    this.#session.advanceTo(this.#session.now + seconds);
    return this.#tell();
  }

  /** What was typed is on the terminal already. */
  #tell(): boolean {
    const fresh = this.#news
      .get(this.#trainee)!
      .take(this.#view())
      .filter(({ kind }) => kind !== 'typed');
    if (fresh.length === 0) return false;
    this.#write(fresh.flatMap((line) => drillNewsText(line, this.#clock(line.t), this.#options)));
    return true;
  }

  /** Without the past of dashboards, which is most of a view, where nothing is said of them. */
  #view(options: { readonly lastSeconds?: number } = { lastSeconds: 0 }): DrillView {
    return this.#session.view(this.#trainee, options);
  }

  #clock(t: number): string {
    return clockOf(this.#session.scenario.clock.zero, Math.floor(t));
  }

  #problem(text: string): void {
    this.#write([this.#options.style.bad(text)]);
  }

  #write(lines: readonly string[]): void {
    this.#options.write(`${lines.join('\n')}\n`);
  }
}
