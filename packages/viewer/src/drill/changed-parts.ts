/** Views as they are sent: whole at first, and then only those of their parts that have changed. */

/** Remembers what was sent last. */
export class ChangedParts<View extends object> {
  readonly #sent: Map<string, string> = new Map();

  /** The parts of a view that differ from what was sent; undefined when none does. */
  of(view: View): Partial<View> | undefined {
    const changed: [string, unknown][] = [];
    for (const [part, value] of Object.entries(view)) {
      const text = JSON.stringify(value);
      if (this.#sent.get(part) === text) continue;
      this.#sent.set(part, text);
      changed.push([part, value]);
    }
    return changed.length === 0 ? undefined : (Object.fromEntries(changed) as Partial<View>);
  }
}
