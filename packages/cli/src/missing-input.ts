import type { Command, CommanderError, Option } from 'commander';
import { firstLineFor } from './examples.ts';
import { newestResults } from './output-folder.ts';

/** The answer to an invocation that lacks something: what is expected, what there is to choose from, and a line to type. */

/** Longer lists are left to `brownout list` and the help. */
const mostKnown = 10;

/** What commander calls the three things that may be missing. */
const codes = ['commander.missingArgument', 'commander.missingMandatoryOptionValue', 'commander.optionMissingArgument'];

/** That answer, or undefined where nothing is missing; `program` has read `args` as far as it could. */
export async function missingInputText(
  program: Command,
  args: readonly string[],
  error: CommanderError,
  folder: string,
): Promise<string | undefined> {
  if (!codes.includes(error.code)) return undefined;
  const name = args.find((one) => !one.startsWith('-'));
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined) return undefined;
  const option = error.code === 'commander.missingArgument' ? undefined : missingOption(command, error);
  const argument = command.registeredArguments[command.args.length];
  const expected =
    option === undefined
      ? argument && `<${argument.name()}>: ${argument.description}`
      : `${error.code === 'commander.optionMissingArgument' ? 'a value behind ' : ''}${option.flags}: ${option.description}`;
  if (expected === undefined) return undefined;
  const known =
    option === undefined ? await knownArguments(program, command, folder) : await knownValues(program, command, option);
  const isShort = known.length > 0 && known.length <= mostKnown;
  const line = firstLineFor(command.name());
  return [
    `${command.name()}: expected ${expected}`,
    ...(isShort ? [`known: ${known.join(', ')}`] : []),
    ...(line === undefined ? [] : [`such as: ${line}`]),
    '',
  ].join('\n');
}

function missingOption(command: Command, error: CommanderError): Option | undefined {
  if (error.code === 'commander.missingMandatoryOptionValue') {
    return command.options.find((one) => one.mandatory && command.getOptionValue(one.attributeName()) === undefined);
  }
  return command.options.find(({ flags }) => error.message.includes(`'${flags}'`));
}

async function knownArguments(program: Command, command: Command, folder: string): Promise<readonly string[]> {
  const argument = command.registeredArguments[command.args.length];
  if (argument?.name() === 'result') return await newestResults(folder);
  return command.args.length === 0 ? await candidates(program, [command.name(), '']) : [];
}

async function knownValues(program: Command, command: Command, { long }: Option): Promise<readonly string[]> {
  return long === undefined ? [] : await candidates(program, [command.name(), long, '']);
}

async function candidates(program: Command, words: readonly string[]): Promise<readonly string[]> {
  const { candidatesFor } = await import('./completion/candidates.ts');
  return candidatesFor(program, ['brownout', ...words]).map(({ text }) => text);
}
