/** How one step is carried out: people, time, tries, pauses between them, and what is noted on the way. */
import {
  delay,
  type Duration,
  type Process,
  type Simulation,
  spawn,
  type Stream,
  type Wait,
  waitFor,
} from '@brownout/core';
import { type Chronicle, noCause, type NoteKind } from '../chronicle.ts';
import type { Assignment } from './assignment.ts';
import type { ClusterCase } from './cluster-case.ts';
import { type HumanPurpose, humanStream } from './human-streams.ts';
import { type FindAssignment, noteBefore } from './conditions.ts';
import type { ClusterAction } from './effects.ts';
import { carryOut, isClusterAction, isRequest, takingBack } from './carry-out.ts';
import type { PlaybookAction, WorkOrder } from './playbook.ts';
import { rankOf } from './rank.ts';
import type { Roster } from './roster.ts';
import type { Effect, TrafficLevers } from './scene.ts';
import { keepSteering } from './traffic-effects.ts';

/** Whom everybody who carries out a step works with. */
export interface StepWorkParts {
  readonly chronicle: Chronicle;
  readonly agent: string;
  readonly order: WorkOrder;
  readonly roster: Roster;
  readonly traffic: TrafficLevers;
  readonly cases: readonly ClusterCase[];
  readonly stopRollout: () => boolean;
  /** The note of the cause, once it is known. */
  readonly knowledge: () => number;
  readonly isFiring: (site: number) => boolean;
  /** Something about a step has changed. */
  readonly onChange: () => void;
}

/** One step for one cluster, or for none. */
export interface Work {
  readonly assignment: Assignment;
  readonly target: ClusterCase | undefined;
  readonly find: FindAssignment;
}

type Ending = 'succeeded' | 'gave-up' | 'skipped';

/** See above. */
export class StepWork {
  readonly #simulation: Simulation;
  readonly #parts: StepWorkParts;

  constructor(simulation: Simulation, parts: StepWorkParts) {
    this.#simulation = simulation;
    this.#parts = parts;
  }

  /** From the request for people to the end. */
  *carryOut(work: Work): Process {
    const { assignment, target } = work;
    const { step } = assignment;
    const { roster, order, traffic, onChange } = this.#parts;
    if (step.crew > 0) yield* waitFor(roster.request(step.crew, () => rankOf(order, target, traffic)));
    let ending: Ending = 'skipped';
    if (!isDropped(work)) {
      assignment.start();
      onChange();
      ending = yield* this.#try(work);
    }
    assignment.state = ending;
    if (step.action.action === 'take-on' && ending === 'succeeded') target!.team += step.crew;
    else if (step.crew > 0) roster.release(step.crew);
    onChange();
  }

  *#try(work: Work): Generator<Duration | Wait, Ending, number> {
    const { assignment, target } = work;
    const { step } = assignment;
    const { path, time, retry } = step;
    const asksApi = isRequest(path);
    const isTakingBack = takingBack.includes(step.action.action);
    for (let tries = 1; ; tries++) {
      if (tries === 1 || !asksApi) yield delay(time.sample(this.#stream(work, 'time')));
      if (isDropped(work)) return 'skipped';
      if (isTakingBack && target!.deleted.isFired) return 'succeeded';
      if (yield* asksApi ? this.#do(work, step.action) : this.#act(work)) return 'succeeded';
      assignment.failures++;
      this.#parts.onChange();
      if (tries >= retry.attempts) {
        this.#note(work, 'operators', `${step.action.action} given up after ${tries} ${tries === 1 ? 'try' : 'tries'}`);
        return 'gave-up';
      }
      const pause = retry.pause.sample(this.#stream(work, 'pause'));
      if (isTakingBack) yield* waitFor(target!.deleted, pause);
      else yield delay(pause);
    }
  }

  #stream({ assignment, target }: Work, purpose: HumanPurpose): Stream {
    return humanStream(this.#simulation, target?.site.id, assignment.step.id, purpose);
  }

  /** A try by other means, which may come to nothing. */
  *#act(work: Work): Effect {
    const { step } = work.assignment;
    if (step.failureChance > 0 && this.#stream(work, 'mistake').uniform() < step.failureChance) {
      this.#note(work, 'operators', `${step.action.action} does not come off`);
      return false;
    }
    return yield* this.#do(work, step.action);
  }

  /** One try, along the path of the step. */
  #do(work: Work, action: PlaybookAction): Effect {
    const { agent, traffic } = this.#parts;
    if (!isClusterAction(action)) return this.#doAmongPeople(work, action);
    const { path, requests } = work.assignment.step;
    return carryOut(
      { simulation: this.#simulation, agent, traffic },
      { target: work.target!, action, path, requests, note: (kind, text) => this.#note(work, kind, text) },
    );
  }

  *#doAmongPeople(work: Work, action: Exclude<PlaybookAction, ClusterAction>): Effect {
    const { traffic, cases, roster } = this.#parts;
    const { target } = work;
    switch (action.action) {
      case 'stop-rollout':
        if (this.#parts.stopRollout()) this.#note(work, 'action', 'rollout stopped');
        return true;
      case 'steer-traffic': {
        const onSteered = (one: ClusterCase, to: 'away' | 'back'): void =>
          this.#note(work, 'action', `traffic steered ${to}`, one);
        spawn(this.#simulation, 'steering', keepSteering(this.#simulation, traffic, cases, { ...action, onSteered }));
        return true;
      }
      case 'take-on':
        this.#note(work, 'operators', 'crew begins with this cluster');
        return true;
      case 'hand-back':
        roster.release(target!.team);
        target!.team = 0;
        return true;
      case 'verify':
        if (action.looksAt === 'alert' && this.#parts.isFiring(target!.index)) return false;
        this.#note(work, 'recovery', 'operators call the cluster recovered');
        return true;
    }
  }

  #note({ assignment, target, find }: Work, kind: NoteKind, text: string, about = target): void {
    const before = noteBefore(assignment.step.when, find);
    const cause = before === noCause ? this.#parts.knowledge() : before;
    assignment.note = this.#parts.chronicle.note(kind, text, cause, about?.site.id);
  }
}

function isDropped({ assignment, target }: Work): boolean {
  return target?.holdsAny(assignment.step.unless) === true;
}
