/**
 * Operators who work by a playbook: once the cause is known, every step begins as soon as its conditions hold and people
 * are free. All steps are looked at again whenever one of them changes, and once a minute, in a declared order: steps for no
 * cluster first, then cluster by cluster, each in the order of the list.
 *
 *   sign -> paged -> cause --> look --conditions--> crew --> time --> effect --> succeeded
 *                                ^                            ^         |
 *                                +------- any change          +- pause -+ failed
 */
import {
  delay,
  type Duration,
  type EventType,
  minutes,
  noTime,
  type Process,
  type Simulation,
  spawn,
} from '@brownout/core';
import { type Chronicle, noCause } from '../chronicle.ts';
import { type LockOut, lockOutsOf } from '../lock-out.ts';
import { AdminAccess } from './admin-access.ts';
import { Assignment } from './assignment.ts';
import { ClusterCase } from './cluster-case.ts';
import { humanStream } from './human-streams.ts';
import { type FindAssignment, stepsHold } from './conditions.ts';
import { Investigation, type InvestigationOptions, type InvestigationParts } from './investigation.ts';
import { apiPaths, type Playbook, type Reinforcement } from './playbook.ts';
import { Roster } from './roster.ts';
import { StepWork } from './step-work.ts';

/** What operators by a playbook are told. */
export interface PlaybookRunOptions extends InvestigationOptions {
  readonly playbook: Playbook;
  /** After so long kubectl gives a request up. */
  readonly requestTimeout: Duration;
}

/** Whom they work with. */
export interface PlaybookRunParts extends InvestigationParts {
  /** Stops a rollout that is still going on; false when there is none. */
  readonly stopRollout: () => boolean;
}

const LOOK_INTERVAL: Duration = minutes(1);

/** See above. */
export class PlaybookRun {
  readonly #simulation: Simulation;
  readonly #chronicle: Chronicle;
  readonly #options: PlaybookRunOptions;
  readonly #cases: readonly ClusterCase[];
  /** Steps for no cluster in particular. */
  readonly #globals: readonly Assignment[];
  readonly #roster: Roster;
  readonly #work: StepWork;
  readonly #look: EventType;
  /** Those who are on their way are sent home by a false alarm; those who are there stay. */
  readonly #joined: Set<Reinforcement> = new Set();
  #knowledge: number = noCause;
  #isLookDue = false;

  constructor(simulation: Simulation, chronicle: Chronicle, options: PlaybookRunOptions, parts: PlaybookRunParts) {
    this.#simulation = simulation;
    this.#chronicle = chronicle;
    this.#options = options;
    const { playbook } = options;
    this.#cases = casesOf(simulation, options, parts);
    this.#globals = playbook.steps.filter(({ scope }) => scope === 'once').map((step) => new Assignment(step));
    this.#roster = new Roster(playbook.crew);
    this.#work = new StepWork(simulation, {
      ...parts,
      chronicle,
      agent: options.agent,
      order: playbook.order,
      roster: this.#roster,
      cases: this.#cases,
      knowledge: () => this.#knowledge,
      isFiring: (site) => parts.alarms.isFiring(site),
      onChange: () => this.#changed(),
    });
    this.#look = simulation.event('operators look', () => {
      this.#isLookDue = false;
      this.#lookAtAll();
    });
    spawn(simulation, 'operators', this.#respond(new Investigation(simulation, chronicle, options, parts)));
  }

  /** Lock-out of every cluster on which an admin action was tried. */
  lockOuts(): LockOut[] {
    return lockOutsOf(this.#cases.map(({ site }) => site));
  }

  *#respond(investigation: Investigation): Process {
    for (let cause: number | undefined; cause === undefined; ) {
      const notified = yield* investigation.notice();
      const called = this.#options.playbook.reinforcements
        .filter((one) => !this.#joined.has(one))
        .map((one) => spawn(this.#simulation, 'reinforcements', this.#callIn(one, notified)));
      cause = yield* investigation.diagnose(notified);
      if (cause !== undefined) this.#knowledge = cause;
      else for (const one of called) one.stop();
    }
    for (;;) {
      for (const one of this.#cases) this.#takeStock(one);
      this.#lookAtAll();
      yield delay(LOOK_INTERVAL);
    }
  }

  *#callIn(one: Reinforcement, notified: number): Process {
    const { after, members } = one;
    yield delay(after);
    this.#chronicle.note('operators', `${members} more join the crew`, notified);
    this.#joined.add(one);
    this.#roster.grow(members);
  }

  #takeStock(one: ClusterCase): void {
    one.look();
    if (!one.isNewlyCleared()) return;
    this.#chronicle.note('action', `last pod of ${this.#options.agent} deleted`, this.#knowledge, one.site.id);
  }

  /** At the end of the present instant everything is looked at again: once, however much has changed. */
  #changed(): void {
    if (this.#isLookDue) return;
    this.#isLookDue = true;
    this.#look.after(noTime);
  }

  #lookAtAll(): void {
    const global: FindAssignment = (id) => this.#globals.find(({ step }) => step.id === id)!;
    for (const assignment of this.#globals) this.#consider(assignment, undefined, global);
    for (const one of this.#cases) {
      const find: FindAssignment = (id) => one.assignments.find(({ step }) => step.id === id) ?? global(id);
      for (const assignment of one.assignments) this.#consider(assignment, one, find);
    }
  }

  #consider(assignment: Assignment, target: ClusterCase | undefined, find: FindAssignment): void {
    const { step } = assignment;
    if (assignment.state !== 'waiting') return;
    if (step.scope === 'affected' && target?.isTaken !== true) return;
    if (!stepsHold(step.when, find)) return;
    const now = this.#simulation.now;
    if (assignment.dueAt < 0) {
      const wait = step.when.wait?.sample(humanStream(this.#simulation, target?.site.id, step.id, 'wait')) ?? noTime;
      assignment.dueAt = now + wait;
      if (wait > 0) this.#look.after(wait);
    }
    if (now < assignment.dueAt) return;
    if (target?.holds(step.when.state ?? {}) === false) return;
    const isSequential = this.#options.playbook.work === 'sequential';
    if (isSequential && (target?.assignments ?? this.#globals).some(({ isUnderWay }) => isUnderWay)) return;
    assignment.state = 'queued';
    spawn(this.#simulation, `${step.id} ${target?.site.id ?? ''}`, this.#work.carryOut({ assignment, target, find }));
  }
}

function casesOf(simulation: Simulation, options: PlaybookRunOptions, parts: PlaybookRunParts): ClusterCase[] {
  const { playbook, requestTimeout: timeout } = options;
  const { alarms, traffic } = parts;
  const { credential, steps } = playbook;
  const paths = apiPaths.filter((path) => steps.some((step) => step.path === path));
  const surroundings = {
    isFiring: (site: number) => alarms.isFiring(site),
    failureShare: (site: number) => traffic.failureShare(site),
    isAvoided: (site: number) => traffic.isAvoided(site),
  };
  return parts.sites.map((site, index) => {
    const access = new AdminAccess(simulation, site.cluster, { credential, timeout, paths });
    const assignments = steps.filter(({ scope }) => scope !== 'once').map((step) => new Assignment(step));
    return new ClusterCase(site, index, { access, surroundings, assignments });
  });
}
