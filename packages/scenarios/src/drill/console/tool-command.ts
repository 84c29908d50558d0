/** Commands of tools beside the clusters: each names clusters and options, and becomes one action of the playbook for each cluster. */
import type { ActionDocument } from '../../scenario/sections/playbook-step.ts';
import type { StepPath } from '../../operations/playbook/playbook.ts';
import { didYouMean } from '../../scenario/nearest-name.ts';
import type { Ability } from '../roles.ts';
import { type Command, type ConsoleContext, type Plan, refused } from './command.ts';
import { argumentsOf, type FlagRule } from './words.ts';

/** What an option must look like, and what is wrong with it otherwise. */
export type FlagReader = (
  text: string | undefined,
) => { readonly value: number | string } | { readonly problem: string };

/** What a tool's command is made of. */
export interface ToolDefinition {
  readonly name: string;
  /** After the name, such as `<cluster> --factor 2`. */
  readonly usage: string;
  readonly summary: string;
  readonly needs: Ability;
  readonly path: StepPath;
  readonly flags?: Readonly<Record<string, FlagReader>>;
  /** Words after the clusters, one of these; absent = none. */
  readonly choice?: readonly string[];
  readonly action: (flags: Readonly<Record<string, number | string>>, choice: string) => ActionDocument;
  /** What is printed when it has come off. */
  readonly done: (cluster: string, flags: Readonly<Record<string, number | string>>, choice: string) => string;
}

/** Clusters that one line may name. */
const MOST_CLUSTERS = 10;

/** A command that is done to clusters. */
export function toolCommand(definition: ToolDefinition): Command {
  const { name, usage, summary, needs } = definition;
  return {
    name,
    usage: `${name} ${usage}`,
    summary,
    needs,
    plan: (words, context) => planOf(definition, words, context),
  };
}

function planOf(definition: ToolDefinition, words: readonly string[], context: ConsoleContext): Plan {
  const { name, usage, flags: readers = {}, choice, path } = definition;
  const rules: Record<string, FlagRule> = Object.fromEntries(Object.keys(readers).map((flag) => [flag, {}]));
  const read = argumentsOf(words, rules);
  const help = `usage: ${name} ${usage}`;
  if ('unknown' in read) {
    const known = Object.keys(readers).map((flag) => `--${flag}`);
    return refused(`${name}: unknown option ${read.unknown}${didYouMean(read.unknown, known)}\n${help}`);
  }
  if ('needsValue' in read) return refused(`${name}: ${read.needsValue} needs a value\n${help}`);
  const operands = [...read.operands];
  const chosen = choice === undefined ? '' : (operands.pop() ?? '');
  if (choice !== undefined && !choice.includes(chosen)) {
    return refused(`${name}: expected ${choice.join(' or ')}, got "${chosen}"${didYouMean(chosen, choice)}\n${help}`);
  }
  if (operands.length === 0) return refused(`${name}: expected a cluster: ${context.clusters.join(', ')}\n${help}`);
  if (operands.length > MOST_CLUSTERS) return refused(`${name}: expected at most ${MOST_CLUSTERS} clusters\n${help}`);
  for (const cluster of operands) {
    if (context.clusters.includes(cluster)) continue;
    return refused(`${name}: no cluster "${cluster}"${didYouMean(cluster, context.clusters)}`);
  }
  const values: Record<string, number | string> = {};
  for (const [flag, reader] of Object.entries(readers)) {
    const value = reader(read.flags[flag]);
    if ('problem' in value) return refused(`${name}: --${flag}: ${value.problem}\n${help}`);
    values[flag] = value.value;
  }
  const action = definition.action(values, chosen);
  return {
    kind: 'live',
    steps: [...new Set(operands)].map((cluster) => ({
      input: { kind: 'act', cluster, action, path },
      render: (answer) =>
        answer.ok
          ? { text: definition.done(cluster, values, chosen), isError: false }
          : { text: `${name}: ${cluster}: ${answer.error ?? 'it did not come off'}`, isError: true },
    })),
  };
}

/** A number between two others; `fallback` where it is left out, absent = it must be there. */
export function numberFlag(lowest: number, highest: number, fallback?: number): FlagReader {
  return (text) => {
    if (text === undefined) {
      return fallback === undefined
        ? { problem: `expected a number from ${lowest} to ${highest}, got none` }
        : { value: fallback };
    }
    const value = Number(text);
    const isGood = /^\d+(\.\d+)?$/.test(text) && value >= lowest && value <= highest;
    return isGood ? { value } : { problem: `expected a number from ${lowest} to ${highest}, got "${text}"` };
  };
}

/** A whole number between two others. */
export function countFlag(lowest: number, highest: number, fallback?: number): FlagReader {
  const number = numberFlag(lowest, highest, fallback);
  return (text) => {
    const read = number(text);
    if ('problem' in read || Number.isInteger(read.value)) return read;
    return { problem: `expected a whole number, got "${text!}"` };
  };
}

/** A share such as `30%`. */
export function shareFlag(): FlagReader {
  return (text) => {
    const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text ?? '')?.[1] ?? NaN);
    return percent > 0 && percent <= 95
      ? { value: percent / 100 }
      : { problem: `expected a share of up to 95%, such as 30%, got "${text ?? ''}"` };
  };
}

/** One of a few words; the first where it is left out. */
export function wordFlag(...words: readonly string[]): FlagReader {
  return (text = words[0]!) =>
    words.includes(text)
      ? { value: text }
      : { problem: `expected ${words.join(' or ')}, got "${text}"${didYouMean(text, words)}` };
}
