/**
 * The notebooks: short cells, outputs that show something, and - where Jupyter and Deno are - executed without a browser, where
 * every cell must say in words and numbers, digests among them, exactly what is committed, and show a picture where one is
 * committed. Notebooks use the built packages, as a user's do.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPackages } from './built-packages.ts';
import { findDeno, mustRun } from './notebooks/deno.ts';
import { execute, whyNoJupyter, whyNoPython } from './notebooks/jupyter.ts';
import { codeCells, emptiness, textOf, toldBy, wordsOf, type Notebook } from './notebooks/notebook.ts';

const folder: string = join(import.meta.dirname, '..', 'examples', 'notebooks');
const names: readonly string[] = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
const mostLines = 15;
const mostBytes = 700_000;
const mostAttempts = 3;
const deno = findDeno();
const noJupyter = whyNoJupyter();
const noPython = noJupyter === undefined ? whyNoPython() : undefined;
const noDeno = 'missing' in deno ? deno.missing : undefined;
const updateHint = 'If the new outputs are right: BROWNOUT_UPDATE=1 npx vitest run test/notebooks.test.ts';

function committed(name: string): Notebook {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Notebook;
}

/** The text that a cell of a notebook shows, found by a piece of the cell's source. */
function shownBy(notebook: Notebook, piece: string): string {
  const index = codeCells(notebook).findIndex(({ source }) => textOf(source).includes(piece));
  return toldBy(notebook)
    [index]!.map(({ text }) => text)
    .join('\n');
}

describe.each(names)('%s', (name) => {
  it('has short cells, says what it does, and names no folder of a machine', () => {
    const notebook = committed(name);
    for (const { cell_type, source } of notebook.cells) {
      const text = textOf(source);
      if (cell_type === 'code') expect(text.split('\n').length, text).toBeLessThanOrEqual(mostLines);
      expect(text).not.toMatch(/(?<![\w.])\/(?:home|root|tmp|work|Users)\//);
    }
    const [first] = notebook.cells;
    expect(first!.cell_type).toBe('markdown');
    expect(textOf(first!.source)).toMatch(/^# /);
    const prose = notebook.cells.filter(({ cell_type }) => cell_type === 'markdown').length;
    expect(prose, 'explanations beside code').toBeGreaterThanOrEqual(codeCells(notebook).length - 1);
  });

  it('is committed with outputs that show something', () => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text.length).toBeLessThan(mostBytes);
    const told = toldBy(committed(name));
    const pictures = told.flat().filter(({ svg }) => svg !== '');
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    for (const { svg } of pictures) expect(emptiness(svg)).toBeUndefined();
    for (const { kind, text: shown } of told.flat()) {
      expect(kind, shown).not.toBe('error');
      expect(kind, shown).not.toBe('stream stderr');
      expect(shown).not.toMatch(/(?<![\w.])\/(?:home|root|tmp|work|Users)\//);
    }
  });

  const isPython = committed(name).metadata.kernelspec.name === 'python3';
  const missing = noJupyter ?? (isPython ? noPython : noDeno);

  it.skipIf(missing !== undefined && !mustRun)(
    `shows what is committed when it is executed${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    { timeout: 600_000 },
    async () => {
      if (missing !== undefined) throw new Error(missing);
      await buildPackages();
      const executed = await executedWhole(name);
      if (process.env['BROWNOUT_UPDATE'] === '1') update(name, executed);
      for (const { svg } of toldBy(executed).flat()) if (svg !== '') expect(emptiness(svg)).toBeUndefined();
      expect(wordsOf(toldBy(executed)), updateHint).toEqual(wordsOf(toldBy(committed(name))));
    },
  );
});

/**
 * A notebook with what its cells show. On a machine that is much too busy, a picture was once lost between the kernel and who
 * listens to it: a cell that ends without an error and shows nothing, where something is committed, is no answer, and the
 * notebook is executed again.
 */
async function executedWhole(name: string): Promise<Notebook> {
  for (let attempt = 1; ; attempt++) {
    const executed = await execute(join(folder, name), 'path' in deno ? deno.path : undefined);
    const told = toldBy(executed);
    const isWhole = toldBy(committed(name)).every((shown, index) => shown.length === 0 || told[index]?.length !== 0);
    if (isWhole || attempt === mostAttempts) return executed;
  }
}

/** Puts new outputs into the committed file; everything else in it stays as it is. */
function update(name: string, executed: Notebook): void {
  const before = committed(name);
  const cells = before.cells.map((cell, index) => {
    if (cell.cell_type !== 'code') return cell;
    const { outputs = [], execution_count = null } = executed.cells[index]!;
    return { ...cell, execution_count, outputs };
  });
  writeFileSync(join(folder, name), `${JSON.stringify({ ...before, cells }, undefined, 1)}\n`);
}

describe('what the notebooks find', () => {
  it('stale answers leave the control plane as dead as before, and no user notices', () => {
    const text = shownBy(committed('replay-and-mitigate.ipynb'), 'after.beside(before)');
    expect(text).toMatch(/user errors above 1 % +1\d min +0 s +1\d min less/);
    expect(text).toMatch(/clusters lost +1 +1 +the same/);
  });

  it('the edge lies below what the arithmetic says, and above what runs on an ordinary day', () => {
    const [, value, low, high] = /tips at (\d+) \(95 % interval (\d+) to (\d+)\)/
      .exec(shownBy(committed('capacity-planning.ipynb'), 'await tip(mine'))!
      .map(Number);
    // Three servers of two cores are full at 335 nodes; 250 nodes want 3.3 of 6 cores.
    expect(value).toBeLessThan(335);
    expect(low).toBeGreaterThan(250);
    expect(high! - low!).toBeLessThan(40);
  });

  it('replayed latencies agree with the audit log within 10 %', () => {
    const rows = shownBy(committed('calibrate-to-my-cluster.ipynb'), 'new Table(agreement)').split('\n').slice(1);
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const row of rows) expect(Math.abs(Number(row.trim().split(/ +/).at(-1)) - 1), row).toBeLessThan(0.1);
  });

  it('reading from the watch cache saves every API server, in every pair of runs', () => {
    const [head, , ...rows] = shownBy(committed('python-and-pandas.ipynb'), 'killed.sub').split('\n');
    expect(head!.trim().split(/ +/)).toEqual(['variant', 'baseline', 'cached-list', 'slower-agents']);
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(Number(row.trim().split(/ +/)[2])).toBeLessThan(0);
  });
});
