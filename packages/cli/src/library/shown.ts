/** Results that show themselves: as text in a terminal and in every notebook, as a picture with text where HTML is drawn. */
import { csvText, ndjsonText, type ChartSpec, type Row } from '@brownout/scenarios';

/** What a notebook's front end may draw, by MIME type. */
export type MimeBundle = Readonly<Record<string, string>>;

/** A result of the library. Its data are in `result`, plain and serialisable; the rest are views of it. */
export abstract class Shown<Result extends object> {
  /** The data, as `--json` prints them. */
  readonly result: Result;

  constructor(result: Result) {
    this.result = result;
    // Neither shows among the fields of the result.
    Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => this.text() });
    Object.defineProperty(this, Symbol.for('Jupyter.display'), { value: () => this.display() });
  }

  /** For people, `width` characters wide (default 100). */
  abstract text(width?: number): string;

  /** As a table: one row for each thing the result is about. */
  abstract rows(): Row[];

  /** As a Vega-Lite specification: plain data with the numbers inside. */
  abstract toVegaLite(): ChartSpec;

  /** As a picture, drawn without a browser. */
  async toSVG(): Promise<string> {
    const { chartSvg } = await import('../charts/chart-svg.ts');
    return await chartSvg(this.toVegaLite());
  }

  /** The rows as CSV. */
  toCSV(): string {
    return csvText(this.rows());
  }

  /** The rows as JSON lines. */
  toNDJSON(): string {
    return ndjsonText(this.rows());
  }

  /** The data; `JSON.stringify` calls it. */
  toJSON(): Result {
    return this.result;
  }

  /** What the Deno kernel draws: the picture, and below it a few lines. */
  async display(): Promise<MimeBundle> {
    const text = this.text();
    return { 'text/plain': text, 'text/html': `${await this.toSVG()}<pre>${escaped(this.summary())}</pre>` };
  }

  /** The few lines that stand below the picture; by default all of the text. */
  protected summary(): string {
    return this.text();
  }
}

/** A text in HTML: nothing of a scenario may become markup. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
