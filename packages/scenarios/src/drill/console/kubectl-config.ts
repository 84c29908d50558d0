/** `kubectl config`: which cluster a command is meant for. A file on the own machine; no cluster is asked. */
import { didYouMean } from '../../scenario/nearest-name.ts';
import { type ConsoleContext, type Plan, printed, refused } from './command.ts';
import { kubectlTable } from './table.ts';

const verbs = ['get-contexts', 'use-context', 'current-context'];

/** See above. */
export function configPlan(
  operands: readonly string[],
  { current }: ConsoleContext,
  contexts: readonly string[],
): Plan {
  const [verb, name] = operands;
  switch (verb) {
    case 'get-contexts':
      return printed(
        kubectlTable(
          ['CURRENT', 'NAME'],
          contexts.map((one) => [one === current ? '*' : '', one]),
        ),
      );
    case 'current-context':
      return current === null ? refused('error: current-context is not set') : printed(current);
    case 'use-context':
      if (name === undefined || !contexts.includes(name)) {
        return refused(`error: no context exists with the name: "${name ?? ''}"${didYouMean(name ?? '', contexts)}`);
      }
      return { kind: 'deed', deed: { kind: 'use-context', context: name } };
    default:
      return refused(`error: unknown command "config ${verb ?? ''}"${didYouMean(verb ?? '', verbs)}`);
  }
}
