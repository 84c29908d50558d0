/** From a line to a plan: the command with the longest name that the line begins with, or help with the nearest one. */
import { didYouMean, nearestName } from '../../scenario/nearest-name.ts';
import { type Command, type ConsoleContext, type Plan, printed, refused } from './command.ts';
import { contextsOf, insideKubectl, kubectl } from './kubectl.ts';
import { manifestFiles } from './kubectl-changes.ts';
import { teamCommands } from './team.ts';
import { toolCommands } from './tools.ts';
import { type Words, wordsOf } from './words.ts';

/** Every command, in the order of the help. docs/guides/drill.md lists them, and a test holds it to them. */
export const commands: readonly Command[] = [kubectl, insideKubectl, ...toolCommands, ...teamCommands];

/** What a line comes to for somebody. Never throws, whatever the line is. */
export function planOfLine(line: string, context: ConsoleContext): Plan {
  const cut = proseOf(line) ?? wordsOf(line);
  if ('problem' in cut) return refused(cut.problem);
  const { words } = cut;
  const [first] = words;
  if (first === undefined) return printed('');
  if (first === 'help' || first === '?') return help(words.slice(1).join(' '), context);
  const found = commandOf(words);
  if (found === undefined) return refused(unknown(words, context));
  if (found.needs !== undefined && !context.abilities.has(found.needs)) {
    return refused(`${found.name}: permission denied: none of your roles has the ability "${found.needs}"`);
  }
  return found.plan(words.slice(found.name.split(' ').length), context);
}

/** The words of a line that ends in prose; undefined for any other. Quotes around all of it are left out. */
function proseOf(line: string): Words | undefined {
  const text = line.trim();
  const found = commands.find(
    ({ name, takesText }) => takesText === true && (text === name || text.startsWith(`${name} `)),
  );
  if (found === undefined) return undefined;
  const prose = text.slice(found.name.length).trim();
  const [, quoted] = /^(?:"([^"]*)"|'([^']*)')$/.exec(prose)?.filter((part) => part !== undefined) ?? [];
  return { words: [...found.name.split(' '), ...(prose === '' ? [] : [quoted ?? prose])] };
}

function commandOf(words: readonly string[]): Command | undefined {
  const begins = ({ name }: Command): boolean => name.split(' ').every((part, i) => words[i] === part);
  return commands.filter(begins).sort((one, other) => other.name.length - one.name.length)[0];
}

function unknown(words: readonly string[], context: ConsoleContext): string {
  const [first = ''] = words;
  const family = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (family.length > 0) {
    const given = words.slice(0, family[0]!.name.split(' ').length).join(' ');
    const names = family.map(({ name }) => name);
    return `${given}: no such command${didYouMean(given, names)}\nthere are: ${names.join(', ')}`;
  }
  const names = [...new Set(commands.flatMap(({ name }) => [name, name.split(' ')[0]!]))];
  const near = nearestName(first, names) ?? nearestName(words.slice(0, 2).join(' '), names);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `${first}: command not found${hint} (help lists the ${mine(context).length} commands that you have)`;
}

function help(about: string, context: ConsoleContext): Plan {
  if (about !== '') {
    const found = commands.filter(({ name }) => name === about || name.startsWith(`${about} `));
    if (found.length === 0)
      return refused(
        `help: no command "${about}"${didYouMean(
          about,
          commands.map(({ name }) => name),
        )}`,
      );
    if (found.length === 1 && found[0] === kubectl) return kubectl.plan(['--help'], context);
    return printed(found.map(({ usage, summary }) => `${usage}\n    ${summary}`).join('\n'));
  }
  const own = mine(context);
  const width = Math.max(...own.map(({ name }) => name.length)) + 2;
  const lines = own.map(({ name, summary }) => `${name.padEnd(width)}${summary}`);
  return printed([...lines, 'help <command> says more; ^C gives a command up that does not come back'].join('\n'));
}

/** Commands that somebody may use. */
export function mine({ abilities }: Pick<ConsoleContext, 'abilities'>): readonly Command[] {
  return commands.filter(({ needs }) => needs === undefined || abilities.has(needs));
}

const kubectlWords = ['get', 'describe', 'rollout', 'delete', 'apply', 'top', 'scale', 'config', '--context'];
const typeWords = ['nodes', 'pods', 'daemonsets', 'deployments', 'leases', 'events', 'endpointslices'];

/** What the last word of a line may go on with, for the Tab key; whole words, sorted. */
export function completions(line: string, context: ConsoleContext): string[] {
  const cut = wordsOf(line);
  if ('problem' in cut) return [];
  const isNewWord = line === '' || /\s$/.test(line);
  const before = isNewWord ? cut.words : cut.words.slice(0, -1);
  const last = isNewWord ? '' : cut.words.at(-1)!;
  return [...new Set(candidates(before, context))].filter((word) => word.startsWith(last)).sort();
}

function candidates(before: readonly string[], context: ConsoleContext): readonly string[] {
  const own = mine(context);
  const next = own
    .map(({ name }) => name.split(' '))
    .filter((parts) => parts.length > before.length && before.every((word, i) => parts[i] === word))
    .map((parts) => parts[before.length]!);
  if (before.length === 0) return [...next, 'help'];
  if (before.at(-1) === '--context' || before.at(-1) === 'use-context') return contextsOf(context);
  if (before.at(-1) === '-f') return manifestFiles(context).map(({ file }) => file);
  if (before[0] === 'kubectl') return [...kubectlWords, ...typeWords];
  if (before[0] === 'ssh')
    return before.length === 1 ? context.clusters.map((id) => `${id}-control-plane`) : ['kubectl'];
  return next.length > 0 ? next : context.clusters;
}
