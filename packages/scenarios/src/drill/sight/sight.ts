/**
 * Everything that can be seen in a drill, by anybody: the one place through which the model reaches trainees. It looks at equal
 * intervals, so that what is seen does not depend on the steps in which a host moves on; what it keeps are scrapes, alerts that
 * fire, complaints, notes of people and pipelines. A test changes what lies behind and sees that nothing here moves.
 */
import type { LiveRun } from '../../live/live-run.ts';
import type { DrillSection } from '../../scenario/sections/drill.ts';
import { type BoardDefinition, boardsFor, boardsOf } from '../boards.ts';
import type { Difficulty } from '../difficulty.ts';
import type { ChangeView, ChatMessage } from '../drill-view.ts';
import { type FalseLead, falseLeadsOf } from '../false-leads.ts';
import { AlertLog } from './alert-log.ts';
import type { DrillRole } from '../roles.ts';
import { Chatter, remarkedOn } from './chatter.ts';
import { Customers } from './customers.ts';
import { originOf } from './notes.ts';
import { Panels } from './panels.ts';

/** Seconds from one look to the next. */
export const LOOK_SECONDS = 5;

/** See the head of this file. */
export class Sight {
  readonly boards: readonly BoardDefinition[];
  readonly panels: Panels;
  readonly alerts: AlertLog = new AlertLog();
  readonly customers: Customers;
  readonly changes: ChangeView[] = [];
  /** Messages of the balancer's and the pipeline's own bots. */
  readonly bots: ChatMessage[] = [];
  /** False leads that have shown. */
  readonly leads: FalseLead[] = [];
  readonly #live: LiveRun;
  readonly #chatter: Chatter;
  readonly #coming: FalseLead[];
  #notesSeen = 0;

  constructor(
    live: LiveRun,
    options: {
      readonly seed: string;
      readonly difficulty: Difficulty;
      readonly startSeconds: number;
      /** Roles that are held by anybody. */
      readonly roles: readonly DrillRole[];
      readonly leads: DrillSection['leads'];
    },
  ) {
    this.#live = live;
    const { run } = live;
    const { world, scenario } = run;
    const { etcd } = world.sites[0]!.cluster.controlPlane;
    const all = boardsOf(scenario, { raft: etcd.raft !== undefined, quota: etcd.storage !== undefined });
    // What nobody has on a board is not watched: some metrics cost a run a good part of its time.
    this.boards = boardsFor(all, options.roles, options.difficulty, scenario);
    const { chatter } = options.difficulty;
    this.panels = new Panels(world.monitoring, this.boards, chatter ? remarkedOn : [], () => live.now);
    this.customers = new Customers(world.users, world.sites.length, options.seed);
    this.#chatter = new Chatter(options.seed, {
      panels: this.panels,
      clusters: world.sites.map(({ id }) => id),
      chronicle: world.chronicle,
      after: (instant) => run.after(instant),
      remarksOnDashboards: chatter,
      isToBeTold: (note) => originOf(note, world.chronicle.notes) === 'colleague',
    });
    this.#coming = falseLeadsOf(options.difficulty, options.leads, options);
  }

  /** A look at `t`, in seconds after the trigger. */
  look(t: number): void {
    const firing = this.#live
      .firing()
      .map(({ name, severity, cluster }) => ({ name, severity, cluster: cluster ?? null }));
    while (this.#coming[0] !== undefined && this.#coming[0].t <= t) this.leads.push(this.#coming.shift()!);
    const tickets = this.leads.filter(({ kind }) => kind === 'ticket').map(({ text }) => text);
    this.alerts.look(t, [...firing, ...tickets.map((name) => ({ name, severity: 'ticket' as const, cluster: null }))]);
    this.customers.look(t);
    this.#readNotes();
    this.#chatter.look(t);
  }

  /** When somebody could first have known: the first page, or the first customer who wrote; `null` = not yet. */
  get firstSign(): number | null {
    const page = this.alerts.firstPage;
    const customer = this.customers.pages[0]?.t ?? null;
    if (page === null || customer === null) return page ?? customer;
    return Math.min(page, customer);
  }

  /** Who said what, but for the trainees, in no particular order. */
  chat(): ChatMessage[] {
    const support = this.customers.messages.map(
      ({ t, text }): ChatMessage => ({ t, from: 'Support', text, kind: 'colleague' }),
    );
    const leads = this.leads
      .filter(({ kind }) => kind === 'chat')
      .map(({ t, text, from }): ChatMessage => ({ t, from, text, kind: 'colleague' }));
    return [...this.#chatter.messages, ...this.bots, ...support, ...leads];
  }

  /** The history of the pipeline, latest first. */
  history(): ChangeView[] {
    const others = this.leads
      .filter(({ kind }) => kind === 'change')
      .map(({ t, text }): ChangeView => ({ t, text, cluster: null }));
    return [...this.changes, ...others].sort((one, other) => other.t - one.t);
  }

  #readNotes(): void {
    const { chronicle } = this.#live.run.world;
    for (; this.#notesSeen < chronicle.notes.length; this.#notesSeen++) {
      const note = chronicle.notes[this.#notesSeen]!;
      const origin = originOf(note, chronicle.notes);
      const t = this.#live.run.after(note.at);
      const { text, cluster = null } = note;
      if (origin === 'pipeline') this.changes.push({ t, text, cluster });
      if (origin === 'balancer' && !this.#isByHand(cluster, t)) {
        this.bots.push({ t, from: 'balancer', text, kind: 'bot', ...(cluster === null ? {} : { cluster }) });
      }
    }
  }

  /** Somebody steered that cluster a moment ago: whoever reads their command need not read it twice. */
  #isByHand(cluster: string | null, t: number): boolean {
    return this.#live.log.some(
      ({ t: at, input }) =>
        input.kind === 'act' && input.action.action === 'move-traffic' && input.cluster === cluster && t - at <= 30,
    );
  }
}
