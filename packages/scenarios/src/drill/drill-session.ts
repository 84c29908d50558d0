/**
 * A drill under way: a run that trainees take part in, and what each of them sees of it. Pure and stepped: a host - a page, a
 * terminal, a server - moves it on in simulated time and hands in what people do; it has no clock of its own.
 *
 *   host --advanceTo--> LiveRun --looks--> Sight --+
 *        --enter------> console --inputs-> LiveRun |--> view(trainee)      never the model itself
 *        --facilitate-> faults, hints, messages    +
 *                       truth()  for the facilitator's eyes
 */
import type { LiveAnswer } from '../live/answer.ts';
import type { Frame, FrameOptions } from '../live/frame.ts';
import type { LiveAction } from '../live/live-input.ts';
import { LiveRun } from '../live/live-run.ts';
import type { Note } from '../operations/chronicle.ts';
import type { Scenario } from '../scenario/document.ts';
import { parseScenario } from '../scenario/parse.ts';
import type { RunResult } from '../scenario/result.ts';
import type { StepOptions } from '../scenario/scenario-run.ts';
import { runbookAction } from './buttons.ts';
import { drillDocument, type DrillDocument } from './colleagues.ts';
import { completions } from './console/commands.ts';
import type { Debrief } from './debrief.ts';
import { ownDebrief } from './debrief-study.ts';
import { Deeds } from './deeds.ts';
import { type Difficulty, difficultyNamed } from './difficulty.ts';
import type { DrillEntry, Facilitation, TraineeDeed } from './drill-log.ts';
import { isTraineeDeed, longestLine, mostEntries } from './drill-log.ts';
import type { DrillRecord } from './drill-record.ts';
import { checkSetup, type DrillSetup, FACILITATOR, rolesOf, spareApiServersOf } from './drill-setup.ts';
import type { DrillView, Entered } from './drill-view.ts';
import { type Participant, participantsOf } from './participants.ts';
import { LOOK_SECONDS, Sight } from './sight/sight.ts';
import { Team } from './team.ts';
import { drillView, type ViewOptions } from './view.ts';

/** What only the host decides. */
export interface DrillSessionOptions {
  /** Frames for the facilitator's picture; absent = none are recorded, and `truth()` has no frame. */
  readonly frames?: FrameOptions | undefined;
}

/** What the facilitator sees beside the views of the trainees. */
export interface DrillTruth {
  readonly frame: Frame | undefined;
  /** Everything notable that has happened, whoever could know of it; times in seconds after the trigger. */
  readonly notes: readonly {
    readonly t: number;
    readonly kind: Note['kind'];
    readonly text: string;
    readonly cluster?: string;
  }[];
  readonly ownNotes: readonly { readonly t: number; readonly text: string }[];
}

/** See the head of this file. */
export class DrillSession {
  readonly setup: DrillSetup;
  readonly scenario: Scenario;
  readonly difficulty: Difficulty;
  readonly participants: readonly Participant[];
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly #made: DrillDocument;
  readonly #live: LiveRun;
  readonly #sight: Sight;
  readonly #team: Team = new Team();
  readonly #deeds: Deeds;
  readonly #log: DrillEntry[] = [];
  readonly #hasFrames: boolean;
  #nextLook: number;
  #answersSeen = 0;

  /** Throws `DocumentError` for the document, RangeError for anything else that makes no sense. Runs nothing yet. */
  constructor(setup: DrillSetup, options: DrillSessionOptions = {}) {
    checkSetup(setup);
    this.setup = setup;
    const { document, seed = '1' } = setup;
    const scenario = parseScenario(document, String(document.id));
    this.scenario = scenario;
    this.difficulty = difficultyNamed(setup.difficulty ?? 'standard');
    this.participants = participantsOf(setup, rolesOf(document));
    const held = new Set(this.participants.flatMap(({ abilities }) => [...abilities]));
    const who = setup.colleagues === 'nobody' ? 'nobody' : this.difficulty.colleagues;
    this.#made = drillDocument(document, scenario, who, held);
    this.#hasFrames = options.frames !== undefined;
    this.#live = new LiveRun(this.#made.document, {
      seed,
      crew: this.#made.crew,
      spareApiServers: spareApiServersOf(setup),
      frames: options.frames,
    });
    const { startSeconds, endSeconds } = this.#live.run;
    const wanted = setup.startSeconds ?? (scenario.drill?.start ?? 0) / 1_000_000;
    this.startSeconds = wholeMicroseconds(Math.max(startSeconds, wanted));
    this.endSeconds = wholeMicroseconds(Math.min(endSeconds, setup.endSeconds ?? Infinity));
    if (this.startSeconds >= this.endSeconds) {
      throw new RangeError(
        `drill: expected a start before the end at ${this.endSeconds} s, got ${this.startSeconds} s`,
      );
    }
    this.#sight = new Sight(this.#live, {
      seed,
      difficulty: this.difficulty,
      startSeconds: this.startSeconds,
      roles: this.participants.flatMap(({ roles }) => roles),
      leads: scenario.drill?.leads,
    });
    this.#deeds = new Deeds({
      scenario,
      live: this.#live,
      team: this.#team,
      sight: this.#sight,
      difficulty: this.difficulty,
      hintsAllowed: setup.hintsAllowed ?? true,
    });
    this.#nextLook = (Math.floor(startSeconds / LOOK_SECONDS) + 1) * LOOK_SECONDS;
  }

  /** The present, in seconds after the trigger; before the first step the start of the horizon. */
  get now(): number {
    return this.#live.now;
  }

  get isOver(): boolean {
    return this.now >= this.endSeconds;
  }

  /** Everything that people did. */
  get log(): readonly DrillEntry[] {
    return this.#log;
  }

  /** The same as inputs of the run: what the debrief runs again without one or the other. */
  get actions(): readonly LiveAction[] {
    return this.#live.log;
  }

  /** What came of them. */
  get answers(): readonly LiveAnswer[] {
    return this.#live.answers;
  }

  /** The document that is run, and whether simulated colleagues work in it. */
  get made(): DrillDocument {
    return this.#made;
  }

  /** Up to where the drill begins. */
  start(options: StepOptions = {}): boolean {
    return this.advanceTo(this.startSeconds, options);
  }

  /** Goes on to an instant, in seconds after the trigger; false when it was stopped on the way. */
  advanceTo(seconds: number, options: StepOptions = {}): boolean {
    // The run goes in whole microseconds: what lies between two of them is never reached.
    const end = wholeMicroseconds(Math.min(seconds, this.endSeconds));
    while (this.now < end) {
      const deadline = Math.min(...this.participants.map(({ shell }) => shell.deadline));
      const stop = Math.min(end, this.#nextLook, wholeMicroseconds(Math.max(deadline, this.now)));
      if (!this.#live.advanceTo(stop, options)) return false;
      this.#collect();
      for (const { shell } of this.participants)
        if (wholeMicroseconds(shell.deadline) <= this.now) shell.giveUp(this.now);
      if (this.now >= this.#nextLook) {
        this.#sight.look(this.now);
        this.#nextLook += LOOK_SECONDS;
      }
    }
    return true;
  }

  /** Whatever a trainee does, as the log has it. Throws RangeError for somebody who does not take part. */
  do(trainee: string, given: TraineeDeed): Entered {
    const participant = this.#participant(trainee);
    if (this.#log.length >= mostEntries) return { isAccepted: false, text: `drill: ${mostEntries} entries are enough` };
    if (this.isOver) return { isAccepted: false, text: 'drill: it is over' };
    const deed = given.kind === 'line' ? { ...given, line: given.line.slice(0, longestLine) } : given;
    const entered = this.#deeds.trainee(this.now, participant, deed);
    if (entered.isAccepted) this.#log.push({ t: this.now, by: trainee, ...deed });
    return entered;
  }

  /** A line that a trainee types. */
  enter(trainee: string, line: string): Entered {
    return this.do(trainee, { kind: 'line', line });
  }

  /** A button of the runbook, for a cluster where it asks for one: enters its line. */
  push(trainee: string, button: string, cluster?: string): Entered {
    return this.do(trainee, { kind: 'button', button, ...(cluster === undefined ? {} : { cluster }) });
  }

  /** ^C */
  interrupt(trainee: string): Entered {
    return this.do(trainee, { kind: 'interrupt' });
  }

  /** Says that somebody looks at an alert. */
  acknowledge(trainee: string, alert: string): Entered {
    return this.do(trainee, { kind: 'acknowledge', alert });
  }

  /** What may come next on a line, for the Tab key. */
  complete(trainee: string, line: string): string[] {
    return completions(line, this.#deeds.contextOf(this.#participant(trainee)));
  }

  /** What a trainee sees. */
  view(trainee: string, options: ViewOptions = {}): DrillView {
    const parts = { team: this.#team, sight: this.#sight, deeds: this.#deeds, session: this };
    return drillView(this.#participant(trainee), parts, options);
  }

  /** Everything, for the facilitator. */
  truth(): DrillTruth {
    const { run } = this.#live;
    return {
      frame: this.#hasFrames ? this.#live.frames.frameAt(this.now) : undefined,
      notes: run.world.chronicle.notes.map(({ at, kind, text, cluster }) => ({
        t: run.after(at),
        kind,
        text,
        ...(cluster === undefined ? {} : { cluster }),
      })),
      ownNotes: this.#team.notes,
    };
  }

  /** What the facilitator does. Throws RangeError for what cannot be understood, and logs nothing then. */
  facilitate(input: Facilitation): void {
    if (this.#log.length >= mostEntries) throw new RangeError(`drill: ${mostEntries} entries are enough`);
    const kept =
      'text' in input && input.text !== undefined ? { ...input, text: input.text.slice(0, longestLine) } : input;
    if (kept.kind === 'hint' && kept.to !== undefined) this.#participant(kept.to);
    this.#deeds.facilitate(this.now, kept);
    this.#log.push({ t: this.now, by: FACILITATOR, ...kept });
  }

  /** An entry of a log, done again now. */
  redo({ t: _, by, ...deed }: DrillEntry): void {
    if (isTraineeDeed(deed)) this.do(by, deed);
    else this.facilitate(deed);
  }

  /** The result of the run up to now. */
  result(): RunResult {
    return this.#live.result();
  }

  /** The session as the debrief reads it, as it stands. */
  record(): DrillRecord {
    const { setup, startSeconds, now: untilSeconds, actions, answers } = this;
    return {
      setup,
      made: this.#made,
      log: [...this.#log],
      actions: [...actions],
      answers: [...answers],
      lines: this.#deeds.lines,
      result: this.result(),
      startSeconds,
      untilSeconds,
      declaredAt: this.#team.declaredAt,
      firstSign: this.#sight.firstSign,
      statusPage: [...this.#team.statusPage],
      notes: [...this.#team.notes],
      hintsAsked: this.#team.asked,
      runbook: this.#deeds.runbook.map((button) => runbookAction(button, this.scenario.agent.name)),
    };
  }

  /** What can be said without any other run; `debriefStudy` says the rest. */
  finish(): Debrief {
    return ownDebrief(this.record());
  }

  /** The digest of the run up to now. */
  digest(): string {
    return this.#live.run.digest();
  }

  #participant(trainee: string): Participant {
    const found = this.participants.find(({ name }) => name === trainee);
    if (found !== undefined) return found;
    const names = this.participants.map(({ name }) => name).join(', ');
    throw new RangeError(`drill: expected a trainee among ${names}, got "${trainee}"`);
  }

  #collect(): void {
    const { answers } = this.#live;
    for (; this.#answersSeen < answers.length; this.#answersSeen++) this.#deeds.answered(answers[this.#answersSeen]!);
  }
}

function wholeMicroseconds(seconds: number): number {
  return Math.round(seconds * 1_000_000) / 1_000_000;
}
