/** Where trainees stand, as far as that shows, and the hints they got. */
import type { DrillPhase } from '../scenario/sections/drill.ts';
import { FACILITATOR } from './drill-setup.ts';
import { hintAt, phaseOf } from './hints.ts';
import type { Sight } from './sight/sight.ts';
import type { Team } from './team.ts';

/** What the ladder is made of. */
export interface HintLadderOptions {
  readonly agent: string;
  /** Spoken of while no cluster pages. */
  readonly firstCluster: string;
  readonly own: readonly { readonly phase: DrillPhase; readonly text: string }[];
  /** Hints that may be asked for; `null` = no limit. */
  readonly limit: number | null;
}

/** See the head of this file. */
export class HintLadder {
  /** Somebody has typed something or looked at an alert. */
  hasBegun = false;
  readonly #team: Team;
  readonly #sight: Sight;
  readonly #options: HintLadderOptions;
  #isLockedOut = false;
  #hasTakenBack = false;

  constructor(team: Team, sight: Sight, options: HintLadderOptions) {
    this.#team = team;
    this.#sight = sight;
    this.#options = options;
  }

  /** Hints that may still be asked for; `null` = no limit. */
  get left(): number | null {
    const { limit } = this.#options;
    return limit === null ? null : Math.max(0, limit - this.#team.asked);
  }

  /** What came of a command. */
  saw(what: { readonly ok: boolean; readonly isThroughApi: boolean; readonly takesBack: boolean }): void {
    if (what.isThroughApi) this.#isLockedOut = !what.ok;
    if (what.ok && what.takesBack) this.#hasTakenBack = true;
  }

  /** The phase that trainees are in. */
  get phase(): DrillPhase {
    const { alerts, customers } = this.#sight;
    return phaseOf({
      hasSign: alerts.hasPaged || customers.pages.length > 0,
      hasBegun: this.hasBegun || this.#team.declaredAt !== null,
      isLockedOut: this.#isLockedOut,
      hasTakenBack: this.#hasTakenBack,
      isQuiet: !alerts.view().some(({ severity, until }) => severity === 'page' && until === null),
    });
  }

  /** A trainee asks; what they are told, hint or not. */
  ask(t: number, by: string): string {
    if (this.left === 0) return 'no hints are left; ask your facilitator';
    return this.#next(t, by, true) ?? 'there is no further hint for where you are';
  }

  /** The facilitator sends one, of their own words or the next of the ladder, to one trainee or to all. */
  send(t: number, text: string | undefined, to: string | undefined): void {
    if (text === undefined) this.#next(t, FACILITATOR, false, to);
    else this.#team.hint({ t, by: FACILITATOR, text, ...(to === undefined ? {} : { to }) }, undefined, false);
  }

  #next(t: number, by: string, wasAsked: boolean, to?: string): string | undefined {
    const { phase } = this;
    const paging = this.#sight.alerts.view().find(({ cluster, until }) => cluster !== null && until === null);
    const names = { agent: this.#options.agent, cluster: paging?.cluster ?? this.#options.firstCluster };
    const text = hintAt(phase, this.#team.givenIn(phase), names, this.#options.own);
    if (text !== undefined) this.#team.hint({ t, by, text, ...(to === undefined ? {} : { to }) }, phase, wasAsked);
    return text;
  }
}
