/**
 * The ControllerRevisions of a DaemonSet: one object for each template it has had, so that a rollback can find the one
 * before. A template that comes back keeps its object and gets a new number.
 * Source: kubernetes/kubernetes pkg/controller/daemon/update.go (constructHistory, cleanupHistory).
 */
import { type DaemonSetPods, PodState } from './daemon-set-pods.ts';

/** Templates in the order of their revisions, the present one last. */
export class RevisionHistory {
  readonly #limit: number;
  #templates: number[] = [0];
  #written = 1;
  #needsWrite = false;

  /** `limit` old revisions are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The template of the object as it is stored. */
  get template(): number {
    return this.#templates.at(-1)!;
  }

  /** Number of the present revision, from 1. */
  get revision(): number {
    return this.#written;
  }

  /** Revisions kept, the present one included. */
  get length(): number {
    return this.#templates.length;
  }

  /** Whether the controller has still to store the present revision, or its new number. */
  get needsWrite(): boolean {
    return this.#needsWrite;
  }

  /** The object has this template now. */
  set(template: number): void {
    if (template === this.template) return;
    this.#templates = [...this.#templates.filter((other) => other !== template), template];
    this.#needsWrite = true;
  }

  /** The object gets the template it had before; false when no other is kept. */
  rollBack(): boolean {
    const before = this.#templates.at(-2);
    if (before === undefined) return false;
    this.set(before);
    return true;
  }

  /** The present revision is stored. */
  written(): void {
    this.#needsWrite = false;
    this.#written++;
  }

  /** Old revisions over the limit that no pod is made from. */
  excess(pods: DaemonSetPods): number {
    const over = this.#templates.length - 1 - this.#limit;
    if (over <= 0) return 0;
    return Math.min(over, this.#unused(pods).length);
  }

  /** The oldest revision that no pod is made from is deleted. */
  clean(pods: DaemonSetPods): void {
    const [oldest] = this.#unused(pods);
    this.#templates = this.#templates.filter((template) => template !== oldest);
  }

  #unused(pods: DaemonSetPods): readonly number[] {
    const live = new Set<number>();
    pods.state.forEach((state, place) => {
      if (state !== PodState.absent) live.add(pods.template[place]!);
    });
    return this.#templates.slice(0, -1).filter((template) => !live.has(template));
  }
}
