/**
 * Settings that several faults want of one thing at the same time: the worst of those that last is in force, whichever began
 * first. When the last one is over, the thing is as it was.
 *
 *   factor 50   |------------------|
 *   factor 10          |------------------|
 *   in force       50  |    50     |  10  |  1
 */

/** Settings of one kind, of things that have names. */
export class Overlaps<Setting> {
  readonly #isWorse: (one: Setting, other: Setting) => boolean;
  readonly #lasting: Map<string, Setting[]> = new Map();

  constructor(isWorse: (one: Setting, other: Setting) => boolean) {
    this.#isWorse = isWorse;
  }

  /** Whether any setting of a thing lasts. */
  lasts(thing: string): boolean {
    return this.#lasting.has(thing);
  }

  /** One more setting lasts. Returns the one in force. */
  begin(thing: string, setting: Setting): Setting {
    const lasting = [...(this.#lasting.get(thing) ?? []), setting];
    this.#lasting.set(thing, lasting);
    return this.#worst(lasting);
  }

  /** A setting that began is over. Returns the one in force; undefined when none lasts any more. */
  end(thing: string, setting: Setting): Setting | undefined {
    const lasting = [...(this.#lasting.get(thing) ?? [])];
    const place = lasting.indexOf(setting);
    if (place < 0)
      throw new RangeError(`overlaps: expected a setting of "${thing}" that lasts, got ${String(setting)}`);
    lasting.splice(place, 1);
    if (lasting.length > 0) this.#lasting.set(thing, lasting);
    else this.#lasting.delete(thing);
    return lasting.length === 0 ? undefined : this.#worst(lasting);
  }

  #worst(lasting: readonly Setting[]): Setting {
    return lasting.reduce((worst, one) => (this.#isWorse(one, worst) ? one : worst));
  }
}
