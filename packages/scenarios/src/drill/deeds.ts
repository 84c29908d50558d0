/** From what people do to what comes of it: lines become plans, plans inputs of the run, answers text on a screen. */
import type { LiveAnswer } from '../live/answer.ts';
import type { LiveInput } from '../live/live-input.ts';
import type { LiveRun } from '../live/live-run.ts';
import { defaultSteps } from '../operations/playbook/default-playbook.ts';
import { apiPaths } from '../operations/playbook/playbook.ts';
import { operatorsOptions } from '../scenario/build-operators.ts';
import type { Scenario } from '../scenario/document.ts';
import { buttonsFor, lineOfButton, runbookOf, type RunbookButton } from './buttons.ts';
import type { ConsoleContext, ConsoleText, Plan, PlannedStep, TeamDeed } from './console/command.ts';
import { planOfLine } from './console/commands.ts';
import { notFound } from './console/kubectl-reads.ts';
import type { Difficulty } from './difficulty.ts';
import type { Facilitation, TraineeDeed } from './drill-log.ts';
import { FACILITATOR } from './drill-setup.ts';
import type { Entered } from './drill-view.ts';
import { HintLadder } from './hint-ladder.ts';
import type { Participant } from './participants.ts';
import type { Sight } from './sight/sight.ts';
import type { Team } from './team.ts';
import { changesText, trafficText } from './told.ts';

/** Whom deeds have to do with. */
export interface DeedsParts {
  readonly scenario: Scenario;
  readonly live: LiveRun;
  readonly team: Team;
  readonly sight: Sight;
  readonly difficulty: Difficulty;
  readonly hintsAllowed: boolean;
}

/** Who asked for what: to be told when it has come off. */
interface Asked {
  readonly by: Participant;
  readonly line: string;
  readonly isChange: boolean;
  readonly isThroughApi: boolean;
  readonly takesBack: boolean;
  /** There was nothing left to take back when it was asked for: an API server that answers says so. */
  readonly isGone: boolean;
}

const deleting: readonly string[] = ['roll-back', 'delete-daemonset'];
const takingBack: readonly string[] = ['roll-back', 'delete-daemonset', 'revoke-role'];

/** See the head of this file. */
export class Deeds {
  readonly runbook: readonly RunbookButton[];
  readonly ladder: HintLadder;
  readonly #parts: DeedsParts;
  readonly #asked: Map<number, Asked> = new Map();
  readonly #levels: readonly string[];

  constructor(parts: DeedsParts) {
    this.#parts = parts;
    const { scenario, live, team, sight } = parts;
    const { playbook, breakGlass } = scenario.operators;
    const steps = playbook?.steps ?? defaultSteps(operatorsOptions(scenario), breakGlass !== null);
    this.runbook = runbookOf(scenario, [...steps, ...(playbook?.also ?? [])]);
    const { configuration } = live.run.world.sites[0]!.cluster.controlPlane.servers[0]!.flowControl;
    const hasFiles = configuration.usesPriorityAndFairness && scenario.rollout !== null;
    this.#levels = hasFiles ? configuration.priorityLevels.map(({ name }) => name) : [];
    this.ladder = new HintLadder(team, sight, {
      agent: scenario.agent.name,
      firstCluster: scenario.clusters.at(-1)!.id,
      own: scenario.drill?.hints ?? [],
      limit: parts.hintsAllowed ? parts.difficulty.hints : 0,
    });
  }

  /** What lines of a trainee are read against. */
  contextOf({ name, abilities, shell: { context } }: Participant): ConsoleContext {
    const { scenario } = this.#parts;
    return {
      trainee: name,
      abilities,
      clusters: scenario.clusters.map(({ id }) => id),
      agent: scenario.agent.name,
      namespace: scenario.agent.namespace,
      levels: this.#levels,
      hasBreakGlass: scenario.operators.breakGlass !== null,
      zero: scenario.clock.zero,
      current: context,
    };
  }

  /** The lines that set actions off, by the id of the action. */
  get lines(): { readonly id: number; readonly line: string }[] {
    return [...this.#asked].map(([id, { line }]) => ({ id, line }));
  }

  /** What a trainee does at `t`. */
  trainee(t: number, by: Participant, deed: TraineeDeed): Entered {
    const { scenario } = this.#parts;
    switch (deed.kind) {
      case 'interrupt':
        return by.shell.interrupt(t) ? accepted('') : refusal('nothing is running');
      case 'acknowledge':
        return this.#acknowledge(t, by, deed.alert) ? accepted('') : refusal(`no alert has the id "${deed.alert}"`);
      case 'button': {
        const button = buttonsFor(this.runbook, by.roles).find(({ id }) => id === deed.button);
        if (button === undefined) return refusal(`no button "${deed.button}" in your runbook`);
        if (button.needsCluster && deed.cluster === undefined) return refusal(`${button.title}: for which cluster?`);
        if (deed.cluster !== undefined && !scenario.clusters.some(({ id }) => id === deed.cluster)) {
          return refusal(`no cluster "${deed.cluster.slice(0, 60)}"`);
        }
        return this.#line(t, by, lineOfButton(button, deed.cluster, scenario.agent.name));
      }
      case 'line':
        return this.#line(t, by, deed.line);
    }
  }

  /** What the facilitator does at `t`. */
  facilitate(t: number, input: Facilitation): void {
    const { live, team } = this.#parts;
    switch (input.kind) {
      case 'fault':
        live.act({ kind: 'fault', fault: input.fault, by: FACILITATOR });
        return;
      case 'note':
        team.notes.push({ t, text: input.text });
        return;
      case 'message':
        team.say(t, FACILITATOR, input.text, 'facilitator');
        return;
      case 'hint':
        this.ladder.send(t, input.text, input.to);
        return;
      case 'pause':
      case 'resume':
        team.isPaused = input.kind === 'pause';
    }
  }

  /** An answer of the run has come. */
  answered(answer: LiveAnswer): void {
    const asked = this.#asked.get(answer.id);
    if (asked === undefined) return;
    const { endedAt, ok } = answer;
    const { by, line, isChange, isThroughApi, takesBack, isGone } = asked;
    const step = by.shell.answered(answer.id);
    if (step !== undefined) by.shell.print(endedAt, ok && isGone ? this.#gone : step.render(answer, endedAt));
    this.ladder.saw({ ok, isThroughApi, takesBack });
    const came = !ok ? 'failed' : isGone ? 'not found' : 'done';
    if (isChange) this.#parts.team.bot(endedAt, `${by.name}: ${line} - ${came}`);
  }

  #line(t: number, by: Participant, typed: string): Entered {
    const line = typed.trim();
    if (line === '') return refusal('');
    const plan = planOfLine(line, this.contextOf(by));
    if (plan.kind === 'live' && by.shell.isBusy) {
      return refusal(`still running: ${by.shell.runningLine!}; ^C gives it up`);
    }
    by.shell.typed(t, line);
    this.ladder.hasBegun = true;
    switch (plan.kind) {
      case 'text':
        by.shell.print(t, plan);
        return accepted(plan.text);
      case 'deed':
        return this.#deed(t, by, plan.deed);
      case 'live':
        return this.#begin(t, by, line, plan);
    }
  }

  #begin(t: number, by: Participant, line: string, plan: Extract<Plan, { readonly kind: 'live' }>): Entered {
    const { patienceSeconds, impatience, steps } = plan;
    const made: { readonly step: PlannedStep; readonly id: number }[] = [];
    try {
      for (const step of steps) made.push({ step, id: this.#act(by, line, step) });
    } catch (error) {
      // What the run cannot do in this scenario at all: of several steps the first says so.
      if (!(error instanceof RangeError) || made.length > 0) throw error;
      by.shell.print(t, { text: `drill: ${error.message}`, isError: true });
      return accepted(error.message);
    }
    by.shell.begin(t, line, {
      ...(patienceSeconds === undefined ? {} : { seconds: patienceSeconds }),
      ...(impatience === undefined ? {} : { text: impatience }),
    });
    for (const { step, id } of made) by.shell.await(id, step);
    return accepted('');
  }

  #act(by: Participant, line: string, { input }: PlannedStep): number {
    const { id } = this.#parts.live.act({ ...input, by: by.name } as LiveInput);
    this.#asked.set(id, {
      by,
      line,
      isChange: input.kind === 'act',
      isThroughApi: apiPaths.includes(input.path),
      takesBack: input.kind === 'act' && takingBack.includes(input.action.action),
      isGone: input.kind === 'act' && deleting.includes(input.action.action) && this.#isTakenBack(input.cluster),
    });
    return id;
  }

  #isTakenBack(cluster: string | undefined): boolean {
    return this.#parts.live.run.world.sites.some(({ id, takenBack }) => id === cluster && takenBack.isFired);
  }

  get #gone(): ConsoleText {
    return notFound('daemonsets.apps', this.#parts.scenario.agent.name);
  }

  #deed(t: number, by: Participant, deed: TeamDeed): Entered {
    const { team, sight, scenario, live } = this.#parts;
    const tell = (text: string, isError = false): Entered => {
      by.shell.print(t, { text, isError });
      return accepted(text);
    };
    switch (deed.kind) {
      case 'declare':
        team.declare(t, by.name, deed.text);
        return tell('incident declared');
      case 'resolve':
        team.resolve(t, by.name, deed.text);
        return tell('incident called over');
      case 'status':
        team.post(t, by.name, deed.text);
        return tell('posted');
      case 'say':
        team.say(t, by.name, deed.text, 'trainee');
        return accepted('');
      case 'acknowledge':
        return this.#acknowledge(t, by, deed.alert)
          ? tell(`${deed.alert.toUpperCase()} acknowledged`)
          : tell(
              `ack: no alert has the id "${deed.alert}"; firing: ${sight.alerts.openIds().join(', ') || 'none'}`,
              true,
            );
      case 'hint':
        return tell(this.ladder.ask(t, by.name));
      case 'clear':
        by.shell.clear();
        return accepted('');
      case 'use-context':
        by.shell.context = deed.context;
        return tell(`Switched to context "${deed.context}".`);
      case 'changes':
        return tell(changesText(sight.history(), scenario.clock.zero));
      case 'traffic':
        return tell(trafficText(scenario, live.run.world.users));
    }
  }

  #acknowledge(t: number, by: Participant, alert: string): boolean {
    const { team, sight } = this.#parts;
    if (!sight.alerts.acknowledge(alert, by.name)) return false;
    this.ladder.hasBegun = true;
    team.bot(t, `${by.name} acknowledges ${alert.toUpperCase()}`);
    return true;
  }
}

function accepted(text: string): Entered {
  return { isAccepted: true, text };
}

function refusal(text: string): Entered {
  return { isAccepted: false, text };
}
