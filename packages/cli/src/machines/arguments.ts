/** What was typed, less what says where runs are made: equal studies have equal words, wherever they run. */

/** Options that take a value. */
const withValue = ['--redis', '--shard', '--out', '--workers'];

/** Options that take none. */
const alone = ['--resume'];

/** The arguments of a study as its file keeps them: without machines, folders and - in the address of Redis - passwords. */
export function studyArguments(typed: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < typed.length; i++) {
    const word = typed[i]!;
    if (withValue.includes(word)) i += 1;
    else if (!alone.includes(word) && !withValue.some((name) => word.startsWith(`${name}=`))) kept.push(word);
  }
  return kept;
}

/** Arguments to be shown to people: those of `shownArguments` hide the password of an address. */
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
