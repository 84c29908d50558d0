/**
 * A run that somebody takes part in. State = (document, seed, set-up, log of inputs): there are no snapshots. To go back, or
 * to branch, run again with the part of the log that is wanted; the past is the same to the last bit.
 *
 *   log ----at its time, in its order----+
 *   act(now) --appended to the log-------+--> hands, faults --> the model --> answers, frames, result
 */
import { Hands } from '../operations/hands.ts';
import {
  metricCatalogue,
  type MetricName,
  type MetricReference,
  type MetricUnit,
} from '../operations/monitoring/metric-catalogue.ts';
import type { WatchedMetric } from '../operations/monitoring/monitoring.ts';
import type { ScenarioDocument } from '../scenario/document.ts';
import type { AppliedMitigation } from '../scenario/mitigation.ts';
import type { RunResult } from '../scenario/result.ts';
import { ScenarioRun, type StepOptions } from '../scenario/scenario-run.ts';
import { errorText, type LiveAnswer, statusName } from './answer.ts';
import { rowsOf } from './api-view.ts';
import { logRows } from './pod-log.ts';
import { type CheckedInput, checkInput } from './check-input.ts';
import { FrameRecorder } from './frame-recorder.ts';
import type { FrameStore } from './frame-store.ts';
import type { FrameOptions } from './frame.ts';
import type { LiveAction, LiveInput, ReadInput } from './live-input.ts';

/** Which run it is, and who works in it. */
export interface LiveRunOptions {
  /** Default 1. */
  readonly seed?: number | string;
  /** Inputs that are made on the way, in the order of their times; default none. */
  readonly actions?: readonly LiveAction[];
  /** `none`: nobody of the document's operators works. Default simulated. */
  readonly crew?: 'simulated' | 'none';
  /** Absent: no frames. */
  readonly frames?: FrameOptions | undefined;
  /** Metrics that somebody looks at beside those of the alert rules; see `seen`. Default none. */
  readonly watch?: readonly MetricReference[];
  /** Machines for more API servers, in each cluster; see `WorldOptions`. Default 0. */
  readonly spareApiServers?: number;
  /** Ends the run this many seconds after the trigger instead of at the end of the horizon. */
  readonly untilSeconds?: number;
  readonly applied?: readonly AppliedMitigation[];
  readonly origin?: string;
}

/** A metric as monitoring saw it last. */
export interface SeenMetric {
  readonly metric: MetricName;
  readonly product: string | undefined;
  readonly unit: MetricUnit;
  /** By cluster, in the document's order; NaN where there is no data. */
  readonly values: Float64Array;
}

/** A rule that fires. */
export interface FiringAlert {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  /** Absent: one number over all clusters is beyond the limit. */
  readonly cluster: string | undefined;
  /** Since when its condition has held without a break, in seconds after the trigger; undefined = it does not hold any more. */
  readonly since: number | undefined;
}

/** Times are whole microseconds: two that are closer than half of one are the same. */
const SAME = 5e-7;

/** See the head of this file. */
export class LiveRun {
  readonly run: ScenarioRun;
  readonly #hands: Hands;
  readonly #recorder: FrameRecorder | undefined;
  /** What was done, in its order: logged inputs join it when their time comes. */
  readonly #log: LiveAction[] = [];
  readonly #planned: readonly LiveAction[];
  readonly #answers: LiveAnswer[] = [];
  readonly #watched: readonly { readonly reference: MetricReference; readonly watched: WatchedMetric }[];
  /** Frames taken after the one at the beginning. */
  #frameCount = 0;

  /** Throws `DocumentError` for a document, RangeError for a log that is not valid. */
  constructor(document: ScenarioDocument, options: LiveRunOptions = {}) {
    const { frames, actions = [], watch = [], ...others } = options;
    this.run = new ScenarioRun(document, { ...others, takesFaults: true, takesReads: true });
    const { simulation, world, scenario } = this.run;
    this.#planned = checkLog(this.run, actions);
    const { operators, agent } = scenario;
    this.#hands = new Hands(
      simulation,
      world.chronicle,
      {
        agent: agent.name,
        credential: operators.playbook?.credential ?? 'system-masters',
        requestTimeout: operators.rollback.requestTimeout,
      },
      {
        sites: world.sites,
        traffic: world.users,
        isFiring: (site) => world.alerting.isFiring(site),
        stopRollout: () => world.stopRollout(),
      },
    );
    this.#watched = watch.map((reference) => ({
      reference,
      watched: world.monitoring.watch(reference, undefined, true),
    }));
    const span = this.run.endSeconds - this.run.startSeconds;
    this.#recorder = frames && new FrameRecorder(span, frames);
    this.#recorder?.begin(simulation, world, scenario);
  }

  /** The present, in seconds after the trigger. */
  get now(): number {
    return this.run.now;
  }

  /** Whether the end is reached. */
  get isOver(): boolean {
    return this.run.isOver;
  }

  /** Everything done so far: with it, document, seed and set-up the run can be made again. */
  get log(): readonly LiveAction[] {
    return this.#log;
  }

  /** What came of the inputs, in the order in which they ended. */
  get answers(): readonly LiveAnswer[] {
    return this.#answers;
  }

  /** Frames recorded so far. Throws in a run without frames. */
  get frames(): FrameStore {
    if (this.#recorder === undefined) throw new RangeError('live run: expected the option frames, got a run without');
    return this.#recorder.frames;
  }

  /**
   * Goes on to an instant, in seconds after the trigger, and on the way does what the log says; inputs at one instant are made
   * in the order of the log. False when it was stopped on the way.
   */
  advanceTo(seconds: number, options: StepOptions = {}): boolean {
    const end = Math.min(seconds, this.run.endSeconds);
    for (;;) {
      const planned = this.#planned[this.#log.length];
      const frame = this.#nextFrame;
      if (!this.run.advanceTo(Math.min(end, planned?.t ?? Infinity, frame), options)) return false;
      if (this.#isReached(frame)) {
        this.#frameCount++;
        this.#recorder?.look(this.now);
      }
      if (planned !== undefined && this.#isReached(planned.t)) this.#make(planned);
      else if (this.#isReached(end)) return true;
    }
  }

  /** Does something now, and logs it. Throws RangeError, and logs nothing, when it cannot be understood. */
  act(input: LiveInput): LiveAction {
    if (this.#planned.length > this.#log.length) {
      const { t } = this.#planned[this.#log.length]!;
      throw new RangeError(`live run: expected a log that is over, got one that goes on at ${t} s`);
    }
    const action: LiveAction = { id: this.#log.length, t: this.now, input };
    this.#make(action);
    return action;
  }

  /** What dashboards show now of the metrics in the option `watch`: the last scrape, and nothing where it failed. */
  seen(): SeenMetric[] {
    const { monitoring, sites } = this.run.world;
    return this.#watched.map(({ reference: { metric, product }, watched }) => ({
      metric,
      product,
      unit: metricCatalogue[metric].unit,
      values: Float64Array.from(sites, (_, site) => monitoring.value(watched, site)),
    }));
  }

  /** Ids of the clusters whose last scrape failed: their dashboards are blank, but for what is measured at the edge. */
  darkClusters(): string[] {
    const { monitoring, sites } = this.run.world;
    return sites.filter((_, site) => !monitoring.dashboardsWork(site)).map(({ id }) => id);
  }

  /** The rules that fire now, in their order, cluster by cluster. */
  firing(): FiringAlert[] {
    const { alerting, sites } = this.run.world;
    return alerting.states.flatMap(({ name, severity, isForEach, isFiring, since }) =>
      [...isFiring.keys()]
        .filter((cell) => isFiring[cell] === 1)
        .map((cell) => ({
          name,
          severity,
          cluster: isForEach ? sites[cell]!.id : undefined,
          since: since[cell]! < 0 ? undefined : this.run.after(since[cell]!),
        })),
    );
  }

  /** The result up to now; the run may go on afterwards. */
  result(): RunResult {
    return this.run.finish();
  }

  get #nextFrame(): number {
    if (this.#recorder === undefined) return Infinity;
    return this.run.startSeconds + (this.#frameCount + 1) * this.#recorder.everySeconds;
  }

  #isReached(seconds: number): boolean {
    return this.now >= seconds - SAME;
  }

  #make(action: LiveAction): void {
    const checked = checkInput(this.run.scenario, action.input, this.now);
    this.#log.push(action);
    this.#carryOut(action, checked);
  }

  #carryOut({ id, input }: LiveAction, checked: CheckedInput): void {
    const beganAt = this.now;
    const answer = (rest: Omit<LiveAnswer, 'id' | 'beganAt' | 'endedAt'>): void => {
      this.#answers.push({ id, beganAt, endedAt: this.now, ...rest });
    };
    switch (checked.kind) {
      case 'note':
        answer({ ok: true });
        return;
      case 'fault':
        this.run.world.inject(checked.fault);
        answer({ ok: true });
        return;
      case 'act':
        this.#hands.act(checked, ({ ok, status, refusal }) =>
          answer({ ok, ...told(status, refusal, checked.action.action) }),
        );
        return;
      case 'read': {
        const { site, resource, path } = checked;
        const { name, subresource } = input as ReadInput;
        const isLog = subresource === 'log';
        const read = { site, path, resource, isOne: name !== undefined, isLog };
        this.#hands.read(read, ({ ok, status, refusal }) => {
          const rows = !ok
            ? undefined
            : isLog
              ? logRows(this.run, site, name!)
              : rowsOf(this.run, site, resource, name);
          answer({ ok, ...told(status, refusal, resource), ...(rows === undefined ? {} : { rows }) });
        });
      }
    }
  }
}

type Status = Parameters<typeof errorText>[0];

function told(
  status: Status | undefined,
  refusal: string | undefined,
  subject: string,
): Pick<LiveAnswer, 'status' | 'error'> {
  if (status === undefined) return refusal === undefined ? {} : { error: refusal };
  const text = errorText(status, subject);
  return { status: statusName(status), ...(text === '' ? {} : { error: text }) };
}

/** The log must be in order, and within the run. */
function checkLog(run: ScenarioRun, actions: readonly LiveAction[]): readonly LiveAction[] {
  let last = run.startSeconds;
  actions.forEach(({ id, t, input }, place) => {
    if (id !== place) throw new RangeError(`log: expected id ${place} in place ${place}, got ${id}`);
    if (!(t >= last && t <= run.endSeconds)) {
      throw new RangeError(`log ${id}: expected a time from ${last} s to ${run.endSeconds} s, got ${t} s`);
    }
    last = t;
    checkInput(run.scenario, input, t);
  });
  return actions;
}
