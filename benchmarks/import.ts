/** The section of results.md about what an import takes: the built packages, each in processes of its own. */
import { verdict } from './report.ts';
import { runProgram } from './runner.ts';

interface Imported {
  readonly name: string;
  /** Milliseconds. */
  readonly clock: { readonly median: number; readonly least: number };
  readonly cpu: { readonly median: number; readonly least: number };
}

/** What is asked of `brownout`, in milliseconds of the clock. */
const asked = 150;

/** Measures and says so beside what was asked for. */
export function importText(folder: string): string[] {
  const all = JSON.parse(runProgram(folder, 'import.bench.ts', [], 'built').at(-1) ?? '') as readonly Imported[];
  const row = ({ name, clock, cpu }: Imported): string => {
    const isOurs = name === 'brownout' || name.startsWith('@brownout/');
    const judged = isOurs ? `| < ${asked} | ${verdict(clock.median < asked)} |` : '|  |  |';
    return `| ${name} | ${clock.median} (${clock.least}) | ${cpu.median} (${cpu.least}) ${judged}`;
  };
  return [
    'Milliseconds that `import` takes in a process that has just started: median (least) of several. The last two are what no import of',
    'ours loads before a document is read.',
    '',
    '| what | clock | CPU | asked for | |',
    '|---|---|---|---|---|',
    ...all.map(row),
  ];
}
