/** What was typed, less what says where runs are made and how results are shown: equal studies have equal words. */

/** Options that take a value. */
const withValue = ['--shard', '--out', '--workers', '--format', '--table'];

/** The one that may take one. */
const withOrWithout = '--redis';

/** Options that take none. */
const alone = ['--resume', '--json', '--quiet'];

/** The arguments of a study as its file keeps them: without machines, folders and - in the address of Redis - passwords. */
export function studyArguments(typed: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < typed.length; i++) {
    const word = typed[i]!;
    const isAssigned = [...withValue, withOrWithout].some((name) => word.startsWith(`${name}=`));
    if (withValue.includes(word)) i += 1;
    else if (word === withOrWithout) i += /^rediss?:/.test(typed[i + 1] ?? '') ? 1 : 0;
    else if (!alone.includes(word) && !isAssigned) kept.push(word);
  }
  return kept;
}

/** Arguments to be shown to people: without the password of an address. */
export function shownArguments(typed: readonly string[]): string[] {
  return typed.map((word) => word.replace(/(rediss?:\/\/[^:@/]*):.*@/, '$1:***@'));
}

/** A command line to be typed again. */
export function commandText(words: readonly string[]): string {
  return ['brownout', ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w./:=,+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
