import {
  incidents,
  measureDefinitions,
  mitigations,
  runChartNames,
  runTables,
  sweepDesigns,
} from '@brownout/scenarios';
import type { Command, Option } from 'commander';
import { catalogueEntries } from '../catalogue.ts';

/** What could come next on a command line, from the commands and options themselves. */

/** One way to go on, and what it is. */
export interface Candidate {
  readonly text: string;
  readonly about: string;
}

/**
 * Candidates for the last of `words`, which may be empty; `words` begins with the command's own name. None where a file or
 * something free is expected: shells then offer files.
 */
export function candidatesFor(program: Command, words: readonly string[]): readonly Candidate[] {
  const typed = words.slice(1, -1);
  const last = words.at(-1) ?? '';
  const name = typed.find((word) => !word.startsWith('-'));
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined) {
    if (name !== undefined) return [];
    return startingWith(last, last.startsWith('-') ? optionsOf(program, program) : commandsOf(program));
  }
  const assigned = /^(--[\w-]+)=(.*)$/.exec(last);
  if (assigned !== null) {
    const [, long = '', value = ''] = assigned;
    return valuesOf(optionNamed(command, long), value).map(({ text, about }) => ({ text: `${long}=${text}`, about }));
  }
  const before = optionNamed(command, typed.at(-1));
  if (before !== undefined && (before.required || (before.optional && !last.startsWith('-')))) {
    return valuesOf(before, last);
  }
  if (last.startsWith('-')) return startingWith(last, optionsOf(command, program));
  return startingWith(last, argumentsOf(command));
}

function startingWith(beginning: string, all: readonly Candidate[]): readonly Candidate[] {
  return all.filter(({ text }) => text.startsWith(beginning));
}

function commandsOf(program: Command): readonly Candidate[] {
  const shown = program.createHelp().visibleCommands(program);
  return shown.map((one) => ({ text: one.name(), about: one.description() }));
}

function optionsOf(command: Command, program: Command): readonly Candidate[] {
  const help = program.createHelp();
  const all =
    command === program ? help.visibleOptions(program) : [...help.visibleOptions(command), ...program.options];
  return all.flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ text: long, about: description }],
  );
}

function optionNamed(command: Command, name: string | undefined): Option | undefined {
  return name === undefined ? undefined : command.options.find(({ long, short }) => long === name || short === name);
}

function argumentsOf(command: Command): readonly Candidate[] {
  const [argument] = command.registeredArguments;
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return plain(argument.argChoices);
  if (argument.name() === 'scenario') return incidentIds();
  if (command.name() !== 'list') return [];
  return catalogueEntries().map(({ name, title }) => ({ text: name, about: title }));
}

function incidentIds(): readonly Candidate[] {
  return incidents.map(({ id, title }) => ({ text: id, about: title }));
}

function plain(texts: readonly string[]): readonly Candidate[] {
  return texts.map((text) => ({ text, about: '' }));
}

/** Values of options that have a closed list of them, by the option's name. */
const valueLists: Readonly<Record<string, (value: string) => readonly Candidate[]>> = {
  '--chart': () => plain(runChartNames),
  '--choose': mitigationsIn,
  '--design': () => plain(sweepDesigns),
  '--example': incidentIds,
  '--harm': measures,
  '--measures': listOf(measures),
  '--mitigate': mitigationsIn,
  '--table': () => plain(runTables),
};

function valuesOf(option: Option | undefined, value: string): readonly Candidate[] {
  if (option === undefined) return [];
  const known = (option.argChoices && plain(option.argChoices)) ?? valueLists[option.long ?? '']?.(value) ?? [];
  return startingWith(value, known);
}

function measures(): readonly Candidate[] {
  return measureDefinitions.map(({ name, title }) => ({ text: name, about: title }));
}

/** The last entry of a list with commas. */
function listOf(entries: () => readonly Candidate[]): (value: string) => readonly Candidate[] {
  return (value) => {
    const head = value.slice(0, value.lastIndexOf(',') + 1);
    return entries().map(({ text, about }) => ({ text: `${head}${text}`, about }));
  };
}

/** The last part of `id:name=value,name=value+id...`: an id, or the name of a parameter. */
function mitigationsIn(value: string): readonly Candidate[] {
  const head = value.slice(0, value.lastIndexOf('+') + 1);
  const [id = '', ...parameters] = value.slice(head.length).split(':');
  if (parameters.length === 0) return mitigations.map((one) => ({ text: `${head}${one.id}`, about: one.title }));
  const found = mitigations.find((one) => one.id === id);
  const stated = parameters.join(':');
  const before = `${head}${id}:${stated.slice(0, stated.lastIndexOf(',') + 1)}`;
  return Object.entries(found?.parameters ?? {}).map(([name, { description }]) => ({
    text: `${before}${name}=`,
    about: description,
  }));
}
