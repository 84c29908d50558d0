/** A line of the console in words, as a shell would cut it up: spaces, single and double quotes, backslash. Nothing is expanded. */

/** Words, or why the line is none. */
export type Words = { readonly words: readonly string[] } | { readonly problem: string };

/** See above. A `;`, `|`, `&`, `>` or `<` outside quotes is refused: there is one command at a time. */
export function wordsOf(line: string): Words {
  const words: string[] = [];
  let word = '';
  let isInWord = false;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && i + 1 < line.length) word += line[++i]!;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      isInWord = true;
    } else if (char === '\\' && i + 1 < line.length) {
      word += line[++i]!;
      isInWord = true;
    } else if (/\s/.test(char)) {
      if (isInWord) words.push(word);
      word = '';
      isInWord = false;
    } else if (';|&<>`'.includes(char)) {
      return { problem: `syntax error near "${char}": one command at a time, without pipes and redirections` };
    } else {
      word += char;
      isInWord = true;
    }
  }
  if (quote !== '') return { problem: `unexpected end of line while looking for ${quote}` };
  if (isInWord) words.push(word);
  return { words };
}

/** What one option looks like. */
export interface FlagRule {
  /** Other ways to write it, such as `-n`. */
  readonly aliases?: readonly string[];
  /** A switch takes no value. */
  readonly isSwitch?: boolean;
}

/** Words with the options taken out. */
export interface Arguments {
  /** What is no option, in order. */
  readonly operands: readonly string[];
  /** By name without dashes; switches have the value ''. */
  readonly flags: Readonly<Record<string, string>>;
}

/** Reads `--flag value`, `--flag=value` and `-n value`. The problem names the option that is not known. */
export function argumentsOf(
  words: readonly string[],
  rules: Readonly<Record<string, FlagRule>>,
): Arguments | { readonly unknown: string } | { readonly needsValue: string } {
  const operands: string[] = [];
  const flags: Record<string, string> = {};
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const given = equals < 0 ? word : word.slice(0, equals);
    const name = Object.keys(rules).find(
      (one) => given === `--${one}` || rules[one]!.aliases?.includes(given) === true,
    );
    if (name === undefined) return { unknown: given };
    if (rules[name]!.isSwitch === true) {
      if (equals < 0 || word.slice(equals + 1) === 'true') flags[name] = '';
    } else if (equals >= 0) {
      flags[name] = word.slice(equals + 1);
    } else if (i + 1 < words.length) {
      flags[name] = words[++i]!;
    } else {
      return { needsValue: given };
    }
  }
  return { operands, flags };
}
