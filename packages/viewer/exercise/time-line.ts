/** Vertical lines that follow the time: moved without layout or paint, and not at all for less than a quarter of a pixel. */

/** Moves an element that stands at 0 to `x` pixels, by its transform. */
export class TimeLine {
  readonly #element: HTMLElement;
  #x = NaN;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  moveTo(x: number): void {
    if (Math.abs(x - this.#x) < 0.25) return;
    this.#x = x;
    this.#element.style.transform = `translateX(${x.toFixed(2)}px)`;
  }
}
