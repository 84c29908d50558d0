/** Alerts as the pager shows them: since when each has fired, when it stopped, and who has said that they look at it. */
import type { AlertView } from '../drill-view.ts';

/** One alert that fires at the moment of a look. */
export interface FiringAlert {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  /** `null`: a rule over all clusters. */
  readonly cluster: string | null;
}

interface LoggedAlert extends FiringAlert {
  readonly id: string;
  readonly since: number;
  until: number | null;
  acknowledgedBy: string | null;
}

/** See the head of this file. */
export class AlertLog {
  readonly #all: LoggedAlert[] = [];
  readonly #open: Map<string, LoggedAlert> = new Map();

  /** What fires at `t`. */
  look(t: number, firing: readonly FiringAlert[]): void {
    const keys = new Set(firing.map(keyOf));
    for (const [key, alert] of this.#open) {
      if (keys.has(key)) continue;
      alert.until = t;
      this.#open.delete(key);
    }
    for (const { name, severity, cluster } of firing) {
      const key = keyOf({ name, severity, cluster });
      if (this.#open.has(key)) continue;
      const id = `A${this.#all.length + 1}`;
      const alert: LoggedAlert = { id, name, severity, cluster, since: t, until: null, acknowledgedBy: null };
      this.#all.push(alert);
      this.#open.set(key, alert);
    }
  }

  /** Somebody says that they look at it; false when no alert has that id. */
  acknowledge(id: string, by: string): boolean {
    const alert = this.#all.find((one) => one.id === id.toUpperCase());
    if (alert === undefined) return false;
    alert.acknowledgedBy ??= by;
    return true;
  }

  /** Whether any has ever paged. */
  get hasPaged(): boolean {
    return this.#all.some(({ severity }) => severity === 'page');
  }

  /** When the first paged; `null` = none did. */
  get firstPage(): number | null {
    return this.#all.find(({ severity }) => severity === 'page')?.since ?? null;
  }

  /** Those that fire first, then the others, each latest first. */
  view(): AlertView[] {
    const copy = this.#all.map((alert): AlertView => ({ ...alert })).reverse();
    return [...copy.filter(({ until }) => until === null), ...copy.filter(({ until }) => until !== null)];
  }

  /** Ids of those that fire, for help and completion. */
  openIds(): string[] {
    return [...this.#open.values()].map(({ id }) => id);
  }
}

function keyOf({ name, severity, cluster }: FiringAlert): string {
  return JSON.stringify([name, severity, cluster]);
}
