/** A pool behind a file: runs that the file has are not made again, and each new one is in it as soon as it is made. */
import { engineVersion, type FindRun, type RecordBook, type Replication, type Wanted } from '@brownout/scenarios';
import { RunsStopped } from '../pool/errors.ts';
import type { MakeOptions, RunMaker } from '../pool/pool.ts';
import { sharedOf } from '../pool/shared-document.ts';
import type { RecordFile } from './record-file.ts';

/** Makes runs by `maker` and remembers them in `file`. */
export function remembering(maker: RunMaker, file: RecordFile): RunMaker {
  return { make: (wanted, options = {}) => make(maker, file, wanted, options) };
}

/** Finds the replications of wanted runs in a book. */
export function runsIn(book: RecordBook): FindRun {
  return (wanted) => book.get(keyOf(wanted));
}

async function make(
  maker: RunMaker,
  file: RecordFile,
  wanted: readonly Wanted[],
  options: MakeOptions,
): Promise<readonly Replication[]> {
  const { onMade, resultsOf = [], onResult, ...watched } = options;
  const known = wanted.map((one) => file.book.get(keyOf(one)));
  // A whole result is not in the file: that run is made again, and must come out the same.
  const missing = wanted.flatMap((_, index) =>
    known[index] === undefined || resultsOf.includes(index) ? [index] : [],
  );
  known.forEach((one, index) => {
    if (one !== undefined) onMade?.(one, index);
  });
  try {
    const made = await maker.make(
      missing.map((index) => wanted[index]!),
      {
        ...watched,
        resultsOf: missing.flatMap((index, place) => (resultsOf.includes(index) ? [place] : [])),
        onResult: (result, place) => onResult?.(result, missing[place]!),
        onMade: (one, place) => {
          file.add(one);
          if (known[missing[place]!] === undefined) onMade?.(one, missing[place]!);
        },
      },
    );
    const all = [...known];
    made.forEach((one, place) => (all[missing[place]!] = one));
    return all.map((one) => one!);
  } catch (error) {
    if (!(error instanceof RunsStopped)) throw error;
    throw new RunsStopped(wanted.filter((one) => file.book.get(keyOf(one)) !== undefined).length, wanted.length);
  }
}

function keyOf({ document, seed, untilSeconds }: Wanted): Parameters<RecordBook['get']>[0] {
  return { hash: sharedOf(document).hash, engine: engineVersion, seed, until: untilSeconds ?? null };
}
