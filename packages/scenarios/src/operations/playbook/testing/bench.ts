/** A workbench for playbooks: small clusters, an alarm that the test rings, steps in a short form, and times that never vary. */
import { type Duration, minutes, noTime, seconds, Signal, Simulation } from '@brownout/core';
import type { ClusterBenchOptions } from '../../../kubernetes/testing/bench.ts';
import type { Chronicle } from '../../chronicle.ts';
import { noCause } from '../../chronicle.ts';
import type { HumanTime } from '../../operators.ts';
import type { Site } from '../../site.ts';
import { createChronicle, createSite } from '../../testing/bench.ts';
import { globalActions, pathsOf, type Playbook, type PlaybookAction, type PlaybookStep } from '../playbook.ts';
import { PlaybookRun, type PlaybookRunOptions } from '../playbook-run.ts';
import type { TrafficLevers } from '../scene.ts';

/** A time that never varies. */
export function takes(time: Duration): HumanTime {
  return { sample: () => time };
}

/** A step that takes no time and nobody; its id is its action unless said otherwise. */
export function step(action: PlaybookAction, changes: Partial<PlaybookStep> = {}): PlaybookStep {
  const isGlobal = globalActions.includes(action.action);
  return {
    id: action.action,
    action,
    path: pathsOf[action.action][0]!,
    scope: isGlobal ? 'once' : 'affected',
    time: takes(noTime),
    when: {},
    unless: {},
    failureChance: 0,
    retry: { pause: takes(minutes(1)), attempts: Infinity },
    crew: 0,
    ...changes,
  };
}

/** What tests vary. */
export interface PlaybookBenchOptions {
  readonly steps?: readonly PlaybookStep[];
  readonly playbook?: Partial<Playbook>;
  readonly options?: Partial<PlaybookRunOptions>;
  readonly cluster?: ClusterBenchOptions;
  /** Nodes of each cluster; default one cluster of ten. */
  readonly nodes?: readonly number[];
  readonly seed?: number;
  readonly dashboardsWork?: (site: number) => boolean;
  /** The alarm rings although nothing broke; default a fault has just begun when it first rings. */
  readonly ringsFalsely?: boolean;
}

/** What stands on the workbench. */
export interface PlaybookBench {
  readonly simulation: Simulation;
  readonly chronicle: Chronicle;
  readonly sites: readonly Site[];
  readonly people: PlaybookRun;
  /** Share of the user requests of each site that fail, as the test wants it. */
  readonly failing: number[];
  /** The same of its own traffic, where that is another. */
  readonly ownFailing: number[];
  /** Where traffic was steered away from. */
  readonly avoided: boolean[];
  /** What was done to the data plane. */
  readonly dataPlane: string[];
  /** The agent reaches a site. */
  rollOut(index?: number): void;
  /** An alert of the site fires from now on, or no longer. */
  ring(index?: number, isFiring?: boolean): void;
  /** Minutes at which notes that begin so were made, with their cluster. */
  times(text: string): readonly (readonly [number, string | undefined])[];
  /** The first of them, in minutes. */
  at(text: string): number | undefined;
}

/** Paging takes a minute, the diagnosis three; whatever the alarm rings for is worked on four minutes later. */
export function createPlaybookBench(bench: PlaybookBenchOptions = {}): PlaybookBench {
  const simulation = new Simulation({ seed: bench.seed ?? 1 });
  const chronicle = createChronicle(simulation);
  const sites = (bench.nodes ?? [10]).map((nodes, index) =>
    createSite(simulation, chronicle, `c${index}`, { ...bench.cluster, nodes }),
  );
  const failing = sites.map(() => 0);
  const ownFailing: number[] = [];
  const avoided = sites.map(() => false);
  const firing = sites.map(() => false);
  const dataPlane: string[] = [];
  const firstAlert = new Signal<number>('first alert');
  let nextAlert: Signal<number> | undefined;
  const traffic: TrafficLevers = {
    failureShare: (site) => failing[site]!,
    ownFailureShare: (site) => ownFailing[site] ?? failing[site]!,
    weight: () => 1 / sites.length,
    isAvoided: (site) => avoided[site]!,
    steer: (site, isAvoided) => void (avoided[site] = isAvoided),
    warmCaches: (site) => void dataPlane.push(`warm ${site}`),
    limitStartUps: (site, count) => void dataPlane.push(`limit ${site} ${count}`),
  };
  const people = new PlaybookRun(simulation, chronicle, optionsOf(bench), {
    sites,
    traffic,
    alarms: {
      firstAlert,
      nextAlert: () => (nextAlert ??= new Signal<number>('next alert')),
      isFiring: (site) => firing[site]!,
      ...(bench.dashboardsWork === undefined ? {} : { dashboardsWork: bench.dashboardsWork }),
    },
    stopRollout: () => true,
  });
  const times = (text: string): ReturnType<PlaybookBench['times']> => timesOf(chronicle, text);
  return {
    simulation,
    chronicle,
    sites,
    people,
    failing,
    ownFailing,
    avoided,
    dataPlane,
    times,
    at: (text) => times(text)[0]?.[0],
    rollOut: (index = 0) => rollOut(chronicle, sites[index]!),
    ring: (index = 0, isFiring = true) => {
      const isNew = isFiring && !firing[index];
      firing[index] = isFiring;
      if (!isNew || (firstAlert.isFired && nextAlert === undefined)) return;
      if (bench.ringsFalsely !== true && !firstAlert.isFired) chronicle.note('fault', 'something broke', noCause);
      const note = chronicle.note('alert', 'alert', noCause, sites[index]!.id);
      if (!firstAlert.isFired) firstAlert.fire(note);
      nextAlert?.fire(note);
      nextAlert = undefined;
    },
  };
}

function rollOut(chronicle: Chronicle, site: Site): void {
  site.rolloutNote = chronicle.note('rollout', 'agent rolled out', noCause, site.id);
  site.cluster.daemonSet.select(1);
}

function timesOf({ notes }: Chronicle, text: string): (readonly [number, string | undefined])[] {
  return notes
    .filter((note) => note.text.startsWith(text))
    .map((note) => [note.at / minutes(1), note.cluster] as const);
}

function optionsOf(bench: PlaybookBenchOptions): PlaybookRunOptions {
  return {
    agent: 'agent',
    paging: takes(minutes(1)),
    diagnosis: takes(minutes(3)),
    darkFactor: 1,
    misdiagnosis: undefined,
    complaints: undefined,
    requestTimeout: seconds(30),
    ...bench.options,
    playbook: {
      order: 'as-they-come',
      work: 'parallel',
      crew: 1,
      reinforcements: [],
      credential: 'system-masters',
      steps: bench.steps ?? [],
      ...bench.playbook,
    },
  };
}
