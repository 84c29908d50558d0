/** Results that show themselves: as text in a terminal and in every notebook, as a picture with a table where HTML is drawn. */
import { csvText, ndjsonText, type Cell, type ChartSpec, type ContentTable, type Row } from '@brownout/scenarios';
import { Buffer } from 'node:buffer';

/** What a notebook's front end may draw, by MIME type. */
export type MimeBundle = Readonly<Record<string, string>>;

/** Lets terminals (`inspect`) and notebooks (the Deno kernel) show an object. Neither adds a field that is seen. */
function showing(object: object, text: () => string, display: () => Promise<MimeBundle>): void {
  Object.defineProperty(object, Symbol.for('nodejs.util.inspect.custom'), { value: text });
  Object.defineProperty(object, Symbol.for('Jupyter.display'), { value: display });
}

/** A result of the library. Its data are in `result`, plain and serialisable; the rest are views of it. */
export abstract class Shown<Result extends object> {
  /** The data, as `--json` prints them. */
  readonly result: Result;

  constructor(result: Result) {
    this.result = result;
    showing(
      this,
      () => this.text(),
      () => this.display(),
    );
  }

  /** For people, `width` characters wide (default 100). */
  abstract text(width?: number): string;

  /** As a table: one row for each thing the result is about. */
  abstract rows(): Row[];

  /** As a Vega-Lite specification: plain data with the numbers inside. `of` names one of several charts. */
  abstract toVegaLite(of?: string): ChartSpec;

  /** One chart alone, which shows itself. */
  chart(of?: string): Chart {
    return new Chart(this.toVegaLite(of));
  }

  /** As a picture, drawn without a browser. */
  async toSVG(of?: string): Promise<string> {
    return await this.chart(of).toSVG();
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

  /** What the Deno kernel draws: the picture, and below it a few lines or a table. */
  async display(): Promise<MimeBundle> {
    const [text, picture] = [this.text(), await this.chart().toHTML()];
    return { 'text/plain': text, 'text/html': `${picture}${this.summary()}` };
  }

  /** What stands below the picture, as HTML; by default all of the text. */
  protected summary(): string {
    return `<pre>${escaped(this.text())}</pre>`;
  }
}

/** A Vega-Lite specification that shows itself as a picture: one of a result's charts, or your own. */
export class Chart {
  readonly spec: ChartSpec;

  constructor(spec: Readonly<Record<string, unknown>>) {
    this.spec = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...spec } as ChartSpec;
    showing(
      this,
      () => this.title(),
      async () => ({ 'text/plain': this.title(), 'text/html': await this.toHTML() }),
    );
  }

  /** What it is called, or that it has no name. */
  title(): string {
    const { title } = this.spec;
    const text = typeof title === 'object' && title !== null && 'text' in title ? title.text : title;
    return typeof text === 'string' ? text : 'a chart';
  }

  /** As a picture, drawn without a browser. */
  async toSVG(): Promise<string> {
    const { chartSvg } = await import('../charts/chart-svg.ts');
    return await chartSvg(this.spec);
  }

  /**
   * As an image element with the picture inside. Front ends leave inline SVG out of notebooks they do not trust, and the clip
   * paths of two pictures on one page would share their names; an image is shown everywhere and keeps to itself.
   */
  async toHTML(): Promise<string> {
    const data = Buffer.from(await this.toSVG()).toString('base64');
    return `<img alt="${escaped(this.title())}" src="data:image/svg+xml;base64,${data}">`;
  }

  /** The specification; `JSON.stringify` calls it. */
  toJSON(): ChartSpec {
    return this.spec;
  }
}

/** Rows that show themselves as a table. */
export class Table {
  readonly rows: readonly Row[];
  /** Names of the columns shown, in their order. */
  readonly columns: readonly string[];

  /** Shows these columns, by default all that the first row has. */
  constructor(rows: readonly Row[], columns: readonly string[] = Object.keys(rows[0] ?? {})) {
    this.rows = rows;
    this.columns = columns;
    showing(
      this,
      () => this.text(),
      () => Promise.resolve({ 'text/plain': this.text(), 'text/html': contentHtml(this.#content()) }),
    );
  }

  /** For people: columns below each other, numbers to the right. */
  text(): string {
    return tableText(this.#content());
  }

  #content(): ContentTable {
    const isNumeric = (name: string): boolean => this.rows.some((row) => typeof row[name] === 'number');
    return {
      columns: this.columns.map((title) => ({ title, align: isNumeric(title) ? 'right' : 'left' })),
      rows: this.rows.map((row) => this.columns.map((name) => cellText(row[name] ?? null))),
    };
  }
}

/** Digits of a number that is no whole one. */
const digits = 4;

function cellText(cell: Cell): string {
  if (cell === null) return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'string') return cell;
  return Number.isInteger(cell) ? String(cell) : String(Number(cell.toPrecision(digits)));
}

/** A table for a terminal. */
export function tableText({ columns, rows }: ContentTable): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const padded = (cell: string, column: number): string =>
    columns[column]!.align === 'right' ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  return lines.map((cells) => cells.map(padded).join('  ').trimEnd()).join('\n');
}

/** A table in HTML. */
export function contentHtml({ columns, rows }: ContentTable): string {
  const cell = (name: 'th' | 'td', text: string, column: number): string =>
    `<${name} style="text-align: ${columns[column]!.align}">${escaped(text)}</${name}>`;
  const head = columns.map(({ title }, column) => cell('th', title, column)).join('');
  const body = rows.map((cells) => `<tr>${cells.map((text, column) => cell('td', text, column)).join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** A text in HTML: nothing of a scenario may become markup. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
