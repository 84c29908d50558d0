/** What the people of a drill have told each other and the public: declarations, messages, status posts, hints. No model is in here. */
import type { DrillPhase } from '../scenario/sections/drill.ts';
import type { ChatMessage, HintView, StatusPost } from './drill-view.ts';

/** See above. */
export class Team {
  readonly messages: ChatMessage[] = [];
  readonly statusPage: StatusPost[] = [];
  readonly hints: HintView[] = [];
  readonly notes: { readonly t: number; readonly text: string }[] = [];
  isPaused = false;
  #declaredAt: number | null = null;
  #closedAt: number | null = null;
  readonly #given: Map<DrillPhase, number> = new Map();
  #asked = 0;

  /** When the incident was first declared, and last called over; in seconds after the trigger. */
  get declaredAt(): number | null {
    return this.#declaredAt;
  }

  get closedAt(): number | null {
    return this.#closedAt;
  }

  /** Hints that trainees asked for. */
  get asked(): number {
    return this.#asked;
  }

  /** The first declaration counts; one after a resolution opens it again. */
  declare(t: number, by: string, text: string): void {
    this.#declaredAt ??= t;
    this.#closedAt = null;
    this.bot(t, `${by} declares an incident${text === '' ? '' : `: ${text}`}`);
  }

  resolve(t: number, by: string, text: string): void {
    this.#closedAt = t;
    this.bot(t, `${by} calls the incident over${text === '' ? '' : `: ${text}`}`);
  }

  post(t: number, by: string, text: string): void {
    this.statusPage.unshift({ t, by, text });
    this.bot(t, `status page, by ${by}: ${text}`);
  }

  say(t: number, from: string, text: string, kind: ChatMessage['kind']): void {
    this.messages.push({ t, from, text, kind });
  }

  /** What the bot of the channel writes. */
  bot(t: number, text: string): void {
    this.say(t, 'incident-bot', text, 'bot');
  }

  /** How many hints of a phase have been given. */
  givenIn(phase: DrillPhase): number {
    return this.#given.get(phase) ?? 0;
  }

  /** A hint was asked for, or sent by the facilitator. */
  hint(hint: HintView, phase: DrillPhase | undefined, wasAsked: boolean): void {
    this.hints.push(hint);
    if (phase !== undefined) this.#given.set(phase, this.givenIn(phase) + 1);
    if (wasAsked) this.#asked++;
  }
}
