/** How many: a number that only goes up, with a name for reports. */
export class Counter {
  readonly name: string;
  #count = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** What was counted so far. */
  get count(): number {
    return this.#count;
  }

  /** Counts one more, or `amount` more (which may be a fraction, when one thing stands for many). */
  add(amount = 1): void {
    if (!(amount >= 0)) throw new RangeError(`counter "${this.name}": can only go up, got ${amount}`);
    this.#count += amount;
  }
}
