/**
 * Simulated colleagues in the incident channel. They know what monitoring shows, what alerts say and what they have done
 * themselves, and nothing else; they need a moment to notice and a moment to type.
 */
import { type Stream, Streams } from '@brownout/core';
import type { Chronicle, Note, NoteKind } from '../../operations/chronicle.ts';
import { formatValue } from '../../operations/monitoring/condition.ts';
import type { MetricReference } from '../../operations/monitoring/metric-catalogue.ts';
import type { ChatMessage } from '../drill-view.ts';
import type { Panels } from './panels.ts';

/** From seeing something to having written it: between these, in seconds (assumed). */
const TYPING_SHORTEST = 15;
const TYPING_LONGEST = 75;
/** Somebody says the same thing about the same cluster again after so long at the earliest, in seconds. */
const PAUSE = 900;

/** Something that a colleague would mention. */
interface Remark {
  readonly from: string;
  readonly reference: MetricReference;
  /** NaN = no data. */
  readonly isWorth: (value: number) => boolean;
  readonly text: (value: string, cluster: string) => string;
}

const remarks: readonly Remark[] = [
  {
    from: 'Ada (service owner)',
    reference: { metric: 'user_error_share' },
    isWorth: (value) => value > 0.01,
    text: (value, cluster) => `We see ${value} errors at the edge for ${cluster}.`,
  },
  {
    from: 'Noor (platform on-call)',
    reference: { metric: 'apiserver_request_error_ratio' },
    isWorth: (value) => value > 0.2,
    text: (value, cluster) => `${cluster}: ${value} of API requests fail.`,
  },
  {
    from: 'Noor (platform on-call)',
    reference: { metric: 'apiserver_request_error_ratio' },
    isWorth: (value) => Number.isNaN(value),
    text: (_, cluster) => `The dashboards of ${cluster} are empty. Either nothing happens there or we do not see it.`,
  },
  {
    from: 'Kim (networking on-call)',
    reference: { metric: 'dns_failure_share' },
    isWorth: (value) => value > 0.05,
    text: (value, cluster) => `Names in ${cluster}: ${value} of lookups fail now.`,
  },
];

/** What colleagues look at. */
export const remarkedOn: readonly MetricReference[] = remarks.map(({ reference }) => reference);

/** Notes that say what simulated colleagues did or believe: they tell the others. */
const told: readonly NoteKind[] = ['operators', 'action', 'lock-out', 'recovery'];
const colleagueOf: Readonly<Partial<Record<NoteKind, string>>> = {
  operators: 'Robin (on-call)',
  action: 'Robin (on-call)',
  'lock-out': 'Noor (platform on-call)',
  recovery: 'Robin (on-call)',
};

/** Whom colleagues get what they say from. */
export interface ChatterParts {
  readonly panels: Panels;
  readonly clusters: readonly string[];
  readonly chronicle: Chronicle;
  /** Seconds after the trigger of an instant of the run. */
  readonly after: (instant: number) => number;
  /** Whether colleagues say what they see on dashboards. */
  readonly remarksOnDashboards: boolean;
  /** Whether a note is a colleague's, who tells the others. */
  readonly isToBeTold: (note: Note) => boolean;
}

/** See the head of this file. */
export class Chatter {
  /** What has been said, in the order of its times. */
  readonly messages: ChatMessage[] = [];
  readonly #parts: ChatterParts;
  readonly #typing: Stream;
  readonly #saidAt: Map<string, number> = new Map();
  #coming: ChatMessage[] = [];
  #notesSeen = 0;

  constructor(seed: string, parts: ChatterParts) {
    this.#parts = parts;
    this.#typing = new Streams(seed, 0).get('drill/chat/typing');
  }

  /** A look at `t`; looks come at equal intervals. */
  look(t: number): void {
    this.#readNotes();
    if (this.#parts.remarksOnDashboards) this.#lookAtDashboards(t);
    const due = this.#coming.filter((message) => message.t <= t).sort((one, other) => one.t - other.t);
    if (due.length === 0) return;
    this.#coming = this.#coming.filter((message) => message.t > t);
    this.messages.push(...due);
  }

  #readNotes(): void {
    const { chronicle, after, isToBeTold } = this.#parts;
    for (; this.#notesSeen < chronicle.notes.length; this.#notesSeen++) {
      const note = chronicle.notes[this.#notesSeen]!;
      if (!told.includes(note.kind) || !isToBeTold(note)) continue;
      const { kind, text, cluster } = note;
      const said = cluster === undefined ? sentence(text) : `${cluster}: ${text}.`;
      this.#write(Math.round(after(note.at)), colleagueOf[kind]!, said, cluster);
    }
  }

  #lookAtDashboards(t: number): void {
    const { panels, clusters } = this.#parts;
    remarks.forEach(({ from, reference, isWorth, text }, number) => {
      clusters.forEach((cluster, index) => {
        // What never showed anything is no news.
        if (panels.lastSeen(reference, index) === null) return;
        const value = panels.last(reference, index);
        const key = `${number} ${cluster}`;
        if (!isWorth(value) || t - (this.#saidAt.get(key) ?? -Infinity) < PAUSE) return;
        this.#saidAt.set(key, t);
        this.#write(t, from, text(formatValue(reference, value), cluster), cluster);
      });
    });
  }

  #write(t: number, from: string, text: string, cluster: string | undefined): void {
    const typed = TYPING_SHORTEST + this.#typing.uniform() * (TYPING_LONGEST - TYPING_SHORTEST);
    const where = cluster === undefined ? {} : { cluster };
    this.#coming.push({ t: t + Math.round(typed), from, text, kind: 'colleague', ...where });
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
