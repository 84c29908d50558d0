/**
 * From the first sign to the cause: whoever notices first - an alert, or users who complain -, then paging, then a diagnosis
 * that takes longer while the dashboards show nothing, and that may be wrong at first. Where nothing was changed and nothing broke it is
 * a false alarm, and the next sign is waited for.
 */
import {
  delay,
  type Duration,
  minutes,
  type Process,
  seconds,
  Signal,
  type Simulation,
  spawn,
  type Stream,
  type Wait,
  waitForAny,
} from '@brownout/core';
import { type Chronicle, noCause } from '../chronicle.ts';
import { FALSE_ALARM, isCauseInSight } from '../cause-in-sight.ts';
import type { HumanTime } from '../operators.ts';
import type { Site } from '../site.ts';
import type { TrafficLevers } from './scene.ts';

/** How often support looks whether users complain. */
const COMPLAINT_LOOK: Duration = seconds(30);
/** Work on a diagnosis advances in steps of so long, each with or without dashboards. */
const DIAGNOSIS_STEP: Duration = minutes(1);
/** So many wrong suspicions in a row at most: after that somebody looks at what was changed last. */
const MOST_SUSPICIONS = 5;

/** How trouble is noticed and understood. */
export interface InvestigationOptions {
  readonly agent: string;
  readonly paging: HumanTime;
  /** Time it takes with dashboards. */
  readonly diagnosis: HumanTime;
  /** How many times as long a diagnosis takes while dashboards of a cluster in trouble are dark. */
  readonly darkFactor: number;
  /** Chance that a diagnosis is wrong, and the time until that is noticed; the diagnosis then begins anew. */
  readonly misdiagnosis: { readonly chance: number; readonly timeLost: HumanTime } | undefined;
  /** Users complain when so large a share of their requests has failed for so long; undefined = nobody listens. */
  readonly complaints: { readonly above: number; readonly for: Duration } | undefined;
}

/** Monitoring as operators use it. */
export interface Alarms {
  readonly firstAlert: Signal<number>;
  /** Fires with the next alert, with its note. */
  nextAlert(): Signal<number>;
  isFiring(site: number): boolean;
  /** Whether dashboards of a site show anything; absent = always. */
  dashboardsWork?(site: number): boolean;
}

/** What an investigation looks at. */
export interface InvestigationParts {
  readonly sites: readonly Site[];
  readonly alarms: Alarms;
  readonly traffic: TrafficLevers;
}

/** See above. */
export class Investigation {
  readonly #simulation: Simulation;
  readonly #chronicle: Chronicle;
  readonly #options: InvestigationOptions;
  readonly #parts: InvestigationParts;
  readonly #paging: Stream;
  readonly #diagnosis: Stream;
  readonly #mistakes: Stream;
  readonly #timeLost: Stream;
  /** What is waited for: the first alert, and after a false alarm the next. */
  #alert: Signal<number>;
  #complaint: Signal<number> = new Signal('users complain');

  constructor(simulation: Simulation, chronicle: Chronicle, options: InvestigationOptions, parts: InvestigationParts) {
    this.#simulation = simulation;
    this.#chronicle = chronicle;
    this.#options = options;
    this.#parts = parts;
    this.#paging = simulation.streams.get('operators/paging');
    this.#diagnosis = simulation.streams.get('operators/diagnosis');
    this.#timeLost = simulation.streams.get('operators/time lost');
    this.#mistakes = simulation.streams.get('operators/mistakes');
    this.#alert = parts.alarms.firstAlert;
    const { complaints } = options;
    if (complaints !== undefined) spawn(simulation, 'complaints', this.#listen(complaints));
  }

  /** Waits for the first sign, or after a false alarm for the next; gives the note that engineers are notified. */
  *notice(): Generator<Duration | Wait, number, number> {
    const first = yield* waitForAny([this.#alert, this.#complaint]);
    const sign = first === 0 ? this.#alert.value! : this.#complaint.value!;
    yield delay(this.#options.paging.sample(this.#paging));
    return this.#chronicle.note('operators', 'engineers are notified', sign);
  }

  /** From there to the note of the cause; undefined when it was a false alarm. */
  *diagnose(notified: number): Generator<Duration | Wait, number | undefined, number> {
    const { agent, misdiagnosis } = this.#options;
    let known = notified;
    for (let suspicions = 0; suspicions < MOST_SUSPICIONS; suspicions++) {
      yield* this.#think();
      if (misdiagnosis === undefined || this.#mistakes.uniform() >= misdiagnosis.chance) break;
      known = this.#chronicle.note('operators', 'a wrong cause is suspected', known);
      yield delay(misdiagnosis.timeLost.sample(this.#timeLost));
    }
    if (isCauseInSight(this.#parts.sites, this.#chronicle)) {
      return this.#chronicle.note('operators', `cause identified: ${agent}`, known);
    }
    this.#chronicle.note('operators', FALSE_ALARM, known);
    this.#listenAgain();
    return undefined;
  }

  /** Whatever rang or complained so far has been dismissed. */
  #listenAgain(): void {
    this.#alert = this.#parts.alarms.nextAlert();
    const { complaints } = this.#options;
    if (complaints === undefined || !this.#complaint.isFired) return;
    this.#complaint = new Signal('users complain');
    spawn(this.#simulation, 'complaints', this.#listen(complaints));
  }

  /** A minute of thought is worth less in the dark. */
  *#think(): Generator<Duration | Wait, void, number> {
    const { diagnosis, darkFactor } = this.#options;
    let left: number = diagnosis.sample(this.#diagnosis);
    if (darkFactor === 1) {
      yield delay(left as Duration);
      return;
    }
    while (left > 0) {
      const factor = this.#isDark() ? darkFactor : 1;
      const step = Math.min(DIAGNOSIS_STEP, Math.ceil(left * factor));
      yield delay(step as Duration);
      left -= step / factor;
    }
  }

  #isDark(): boolean {
    const { sites, alarms, traffic } = this.#parts;
    const isInTrouble = (site: number): boolean => alarms.isFiring(site) || traffic.failureShare(site) > 0;
    return sites.some((_, site) => isInTrouble(site) && alarms.dashboardsWork?.(site) === false);
  }

  *#listen(complaints: { readonly above: number; readonly for: Duration }): Process {
    let since = -1;
    for (;;) {
      yield delay(COMPLAINT_LOOK);
      const { sites, traffic } = this.#parts;
      const failing = sites.reduce((sum, _, site) => sum + traffic.weight(site) * traffic.failureShare(site), 0);
      if (failing <= complaints.above) {
        since = -1;
        continue;
      }
      if (since < 0) since = this.#simulation.now;
      if (this.#simulation.now - since < complaints.for) continue;
      const cause = sites.find((site) => site.dnsNote !== noCause)?.dnsNote ?? noCause;
      this.#complaint.fire(this.#chronicle.note('users', 'users complain', cause));
      return;
    }
  }
}
