/**
 * What page and engine say to each other. The engine is a worker that does one task at a time; everything said about a task
 * carries its number. Columns of frames are transferred, the rest is plain data and copied.
 */
import type { FrameLayout, LiveAction, LiveAnswer, RunPhase, RunResult } from '@brownout/scenarios';
import type { WhatIfNews, WhatIfTask } from '../what-if/what-if-tasks.ts';
import type { DrillTask, DrillTaskNews } from './drill-protocol.ts';
import type { StripView } from '../../src/view/strip-view.ts';

/** Where a scenario document comes from. */
export type RunSource =
  | { readonly kind: 'incident'; readonly id: string }
  /** YAML, or JSON when the name ends in `.json`. */
  | { readonly kind: 'text'; readonly name: string; readonly text: string };

/** Everything that decides a run, as plain data: the same request gives the same digest. */
export interface RunRequest {
  readonly source: RunSource;
  /** 1 to 64 printable characters. */
  readonly seed: string;
  /** Assignments `path=value`, done before the mitigations; default none. */
  readonly assignments?: readonly string[];
  /** Mitigations as the command takes them, `id:key=value+id`; default none. */
  readonly mitigations?: readonly string[];
  /** What people did, in the order of time; default nothing. */
  readonly actions?: readonly LiveAction[];
  /** Whether the document's own crew works; default simulated. */
  readonly crew?: 'simulated' | 'none';
  /** Ends the run earlier than its horizon, in seconds after the trigger. */
  readonly untilSeconds?: number;
}

/** One incident that can be chosen. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Of all its clusters together. */
  readonly nodes: number;
}

/** One cluster as its document describes it. */
export interface ClusterInfo {
  readonly id: string;
  readonly role: 'production' | 'staging';
  readonly nodes: number;
  readonly apiServers: number;
}

/** One product that users ask for. */
export interface ProductInfo {
  readonly id: string;
  readonly title: string;
}

/** What is known of a run before it begins. */
export interface RunInfo {
  readonly title: string;
  readonly summary: string;
  readonly documentHash: string;
  readonly seed: string;
  /** Time zone of all times of day, and what the trigger's is, in seconds after midnight. */
  readonly clock: { readonly zone: string; readonly zeroOfDay: number };
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Seconds between two frames, and what is in one. */
  readonly frameSeconds: number;
  readonly layout: FrameLayout;
  readonly clusters: readonly ClusterInfo[];
  readonly products: readonly ProductInfo[];
  /** `registry`: cached records in front of the API; `core-dns`: the pods of the cluster. */
  readonly dns: 'registry' | 'core-dns';
  /** Name of the agent that is rolled out. */
  readonly agent: string;
}

/** What has happened up to now; replaced as a whole while the run goes on. */
export interface RunStory {
  /** Seconds after the trigger up to which it reaches. */
  readonly until: number;
  readonly strip: StripView;
  readonly phases: readonly RunPhase[];
}

/** A frame on its way between threads: its row of numbers, and the nodes of the clusters where they changed. */
export interface PackedFrame {
  /** Seconds after the trigger. */
  readonly t: number;
  readonly numbers: Float32Array<ArrayBuffer>;
  /** By cluster; null = as in the frame before. */
  readonly nodes: readonly (Uint8Array<ArrayBuffer> | null)[];
}

/** What the engine can be asked to do. */
export type TaskRequest =
  | { readonly kind: 'catalogue' }
  | { readonly kind: 'run'; readonly request: RunRequest }
  | WhatIfTask
  | DrillTask;

/** From the page. */
export type ToEngine =
  | { readonly kind: 'begin'; readonly task: number; readonly what: TaskRequest }
  | { readonly kind: 'abort'; readonly task: number }
  /** Whether it waits, or may go on. */
  | { readonly kind: 'hold'; readonly task: number; readonly isHeld: boolean }
  /** Something that a task under way wants to know; what it is, is between the two. */
  | { readonly kind: 'tell'; readonly task: number; readonly message: unknown };

/** From the engine, about one task; `done` and `failed` are the last. */
export type FromEngine = { readonly task: number } & TaskNews;

/** What there is to tell about a task. */
export type TaskNews =
  | { readonly kind: 'catalogue'; readonly entries: readonly CatalogueEntry[] }
  | { readonly kind: 'info'; readonly info: RunInfo }
  | { readonly kind: 'frames'; readonly frames: readonly PackedFrame[]; readonly until: number }
  | { readonly kind: 'story'; readonly story: RunStory }
  /** `answers`: what came of the actions of the request. */
  | { readonly kind: 'result'; readonly result: RunResult; readonly answers: readonly LiveAnswer[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly problems: readonly string[] }
  | WhatIfNews
  | DrillTaskNews;
