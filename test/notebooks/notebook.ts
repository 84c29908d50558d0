/** Notebooks as data (nbformat 4), and what tests ask of them. */

/** Lines as a notebook keeps them: one text, or a list of its lines. */
export type Lines = string | readonly string[];

/** What a cell showed. */
export interface Output {
  readonly output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  readonly name?: string;
  readonly text?: Lines;
  readonly data?: Readonly<Record<string, Lines>>;
  readonly ename?: string;
  readonly evalue?: string;
}

/** One cell. */
export interface NotebookCell {
  readonly cell_type: 'markdown' | 'code';
  readonly source: Lines;
  readonly outputs?: readonly Output[];
  readonly execution_count?: number | null;
}

/** A notebook. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: { readonly kernelspec: { readonly name: string } };
}

/** What a cell showed. */
export interface Told {
  readonly kind: string;
  /** As text; the tables and sentences of HTML are among it. */
  readonly text: string;
  /** The picture, as SVG; empty without. */
  readonly svg: string;
}

/** Lines as one text. */
export function textOf(lines: Lines): string {
  return typeof lines === 'string' ? lines : lines.join('');
}

/** The cells of a notebook that hold code. */
export function codeCells({ cells }: Notebook): readonly NotebookCell[] {
  return cells.filter(({ cell_type }) => cell_type === 'code');
}

/** What each cell of code showed. */
export function toldBy(notebook: Notebook): readonly (readonly Told[])[] {
  return codeCells(notebook).map(({ outputs = [] }) => outputs.map(toldIn));
}

function toldIn({ output_type, name = '', text, data, ename, evalue }: Output): Told {
  if (output_type === 'stream') return { kind: `stream ${name}`, text: textOf(text ?? ''), svg: '' };
  if (output_type === 'error') return { kind: 'error', text: `${ename}: ${evalue}`, svg: '' };
  const shown = textOf(data?.['text/plain'] ?? '');
  const inline = textOf(data?.['image/svg+xml'] ?? '');
  const html = textOf(data?.['text/html'] ?? '');
  return {
    kind: Object.keys(data ?? {})
      .sort()
      .join(' '),
    text: shown,
    svg: inline === '' ? svgIn(html) : inline,
  };
}

/** What cells said in words and numbers. How pictures look may change without a notebook being wrong. */
export function wordsOf(told: readonly (readonly Told[])[]): readonly (readonly string[])[] {
  return told.map((outputs) =>
    outputs.map(({ kind, text, svg }) => `${kind}${svg === '' ? '' : ', a picture'}\n${text}`),
  );
}

/** Pictures inside image elements. */
function svgIn(html: string): string {
  const found = html.matchAll(/src="data:image\/svg\+xml;base64,([^"]+)"/g);
  return [...found].map(([, data = '']) => Buffer.from(data, 'base64').toString('utf8')).join('\n');
}

/** Why a picture shows nothing, or undefined when it shows something. */
export function emptiness(svg: string): string | undefined {
  if (/\bNaN\b|\bundefined\b/.test(svg)) return 'it holds values that are no numbers';
  const marks = [
    ...svg.matchAll(/class="mark-(?:line|symbol|rect|rule|bar)[^"]*role-mark[^"]*"[^>]*>\s*<path[^>]*\sd="M/g),
  ];
  return marks.length === 0 ? 'it holds no marks' : undefined;
}
