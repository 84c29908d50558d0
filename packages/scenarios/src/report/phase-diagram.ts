/** A phase diagram as letters, and its boundary as a table. */
import { type Phase, phaseAt } from '@brownout/core';
import type { PhaseDiagramResult } from '../experiment/hidden-capacity.ts';
import { type Paint, plainStyle, type Style } from './style.ts';
import { hang, table } from './text.ts';

/** How it is written. */
export interface PhaseTextOptions {
  /** Columns; default 100. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
}

const letters: Readonly<Record<Phase, string>> = {
  stable: '.',
  vulnerable: 'v',
  metastable: 'M',
  overloaded: 'O',
  unclear: '?',
};

const meanings: readonly (readonly [Phase, string])[] = [
  ['stable', 'comes back from every trigger tried'],
  ['vulnerable', 'comes back from this trigger, not from the largest'],
  ['metastable', 'stays bad after this trigger, and runs well without one'],
  ['overloaded', 'bad without any trigger'],
  ['unclear', 'inside the interval of a boundary'],
];

/** Columns of the map at most, and at least. */
const widest = 64;
const narrowest = 16;

/** Map, legend and boundary. Ends in a line break. */
export function phaseDiagramText(result: PhaseDiagramResult, options: PhaseTextOptions = {}): string {
  const { width = 100, style = plainStyle } = options;
  const lines = [
    style.strong(`PHASE DIAGRAM ${result.scenario}`),
    ...hang('', `bad = ${result.when}; nobody acts; ${result.diagram.runs} runs`, width, style.faint),
    '',
    ...mapLines(result, width, style),
    '',
    ...meanings.flatMap(([phase, text]) => hang(`  ${letters[phase]}  ${phase}: `, text, width)),
    '',
    ...boundaryLines(result, width, style),
    ...result.diagram.contradictions.flatMap(([easier, harder]) =>
      hang(
        '! ',
        `the harder trigger ${rowName(result, harder)} bears more than ${rowName(result, easier)}: larger is not worse here`,
        width,
        style.warn,
      ),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function mapLines(result: PhaseDiagramResult, width: number, style: Style): string[] {
  const { load, rows } = result.diagram;
  const names = rows.map((_, row) => rowName(result, row));
  const room = Math.max(...names.map((name) => name.length));
  const columns = Math.max(narrowest, Math.min(widest, width - room - 3));
  const paints: Readonly<Record<Phase, Paint>> = {
    stable: style.good,
    vulnerable: style.warn,
    metastable: style.bad,
    overloaded: style.bad,
    unclear: style.faint,
  };
  const valueAt = (column: number): number => {
    const share = column / (columns - 1);
    return load.scale === 'log'
      ? load.low * Math.exp(share * Math.log(load.high / load.low))
      : load.low + share * (load.high - load.low);
  };
  const drawn = rows.map((_, row) => {
    const cells = Array.from({ length: columns }, (_unused, column) => phaseAt(result.diagram, row, valueAt(column)));
    return `${names[row]!.padStart(room)} | ${cells.map((phase) => paints[phase](letters[phase])).join('')}`;
  });
  const [low, high] = [shown(load.low), shown(load.high)];
  const scale = low + ' '.repeat(Math.max(1, columns - low.length - high.length)) + high;
  return [
    style.faint(result.trigger),
    ...drawn.reverse(),
    `${' '.repeat(room)} +-${'-'.repeat(columns)}`,
    `${' '.repeat(room + 3)}${scale}`,
    style.faint(`${' '.repeat(room + 3)}${result.load}`),
  ];
}

function boundaryLines(result: PhaseDiagramResult, width: number, style: Style): string[] {
  const rows = result.diagram.rows.map(({ tip }, row) => [
    rowName(result, row),
    tip.value === null ? (tip.status === 'never' ? 'never in the range' : tip.status) : shown(tip.value),
    tip.low === null || tip.high === null ? '' : `${shown(tip.low)} to ${shown(tip.high)}`,
    String(tip.runs),
  ]);
  const columns = [
    { title: 'trigger', align: 'right' },
    { title: 'stays bad from' },
    { title: 'interval' },
    { title: 'runs', isOptional: true },
  ] as const;
  return table(columns, rows, width, style.faint);
}

function rowName({ rows }: PhaseDiagramResult, row: number): string {
  return rows[row] ?? 'none';
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
