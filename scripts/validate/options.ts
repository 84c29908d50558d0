/** The arguments of `pnpm validate`. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { fullSize } from './incident-plan.ts';

/** What is asked for. */
export interface Options {
  /** Ids of incidents; none = all that have bands. */
  readonly incidents: readonly string[];
  /** Documents whole, or each in its smaller model. */
  readonly model: 'whole' | 'smaller';
  /** Ids of tables; none = all. */
  readonly tables: readonly string[];
  /** Only variants whose id contains this. */
  readonly only: string;
  readonly replications: number;
  /** At most so many of the draws are run; the design stays that of the full size. */
  readonly draws: number;
  readonly jobs: number;
  readonly cache: string | undefined;
  readonly isListing: boolean;
  /** Nothing is run: pages and data are written from what is stored. */
  readonly isWriting: boolean;
  readonly isHelp: boolean;
}

/** Something is wrong with the arguments. */
export class OptionError extends Error {}

/** The text of `--help`. */
export const helpText: string = `pnpm validate [options]
Makes the tables of docs/validation from many runs. Rows are kept as they come, so it can be stopped and started again;
when all are there, pages and data are written. Rows of the committed tables, and rows that other sources made, count as
soon as the first of their kind has been run again and came out alike.

  --incident ID      only this incident; may be given several times
  --model MODEL      whole (default), or smaller: the same tables on the smaller model of each document, a second or two a
                     run, kept and written apart from those of the whole
  --tables A,B       only these tables
  --only WORD        only variants whose id contains the word
  --replications N   at most N seeds of each variant (default ${fullSize.replications})
  --draws N          at most N draws from the priors (default ${fullSize.draws})
  --jobs N           threads (default: as many as cores)
  --cache DIR        where rows are kept (default .validation)
  --list             what would be run and what is there, and end
  --write            run nothing; write pages and data from what is there, however little

Exit codes: 0 all that was asked for is there; 1 a run broke down; 2 wrong arguments; 3 rows are missing (with --write);
130 stopped by Ctrl-C.
`;

/** Reads the arguments. Throws OptionError. */
export function readOptions(args: readonly string[]): Options {
  const values = parsed(args);
  return {
    incidents: values.incident ?? [],
    model: modelOf(values.model),
    tables: (values.tables ?? '').split(',').filter(Boolean),
    only: values.only ?? '',
    replications: count('replications', values.replications, fullSize.replications),
    draws: count('draws', values.draws, fullSize.draws),
    jobs: count('jobs', values.jobs, availableParallelism()),
    cache: values.cache,
    isListing: values.list ?? false,
    isWriting: values.write ?? false,
    isHelp: values.help ?? false,
  };
}

interface Values {
  readonly incident?: string[];
  readonly model?: string;
  readonly tables?: string;
  readonly only?: string;
  readonly replications?: string;
  readonly draws?: string;
  readonly jobs?: string;
  readonly cache?: string;
  readonly list?: boolean;
  readonly write?: boolean;
  readonly help?: boolean;
}

function parsed(args: readonly string[]): Values {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: args.filter((arg) => arg !== '--'),
      options: {
        incident: { type: 'string', multiple: true },
        model: text,
        tables: text,
        only: text,
        replications: text,
        draws: text,
        jobs: text,
        cache: text,
        list: flag,
        write: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function modelOf(text = 'whole'): Options['model'] {
  if (text === 'whole' || text === 'smaller') return text;
  throw new OptionError(`--model: expected whole or smaller, got "${text}"`);
}

function count(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(Number.isSafeInteger(value) && value >= 1 && value <= 10_000)) {
    throw new OptionError(`--${name}: expected a whole number from 1 to 10000, got "${text}"`);
  }
  return value;
}
