import { catalogueText, didYouMean, incidents, mitigations, profiles } from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { InputError } from '../input-error.ts';
import { styleFor, widthFor } from '../style.ts';

/** What is asked of `brownout list`. */
export interface ListOptions {
  readonly json?: boolean;
  readonly short?: boolean;
}

/** `brownout list`: what there is to replay and to mitigate with, and which Kubernetes there is; `names` = only these. */
export function list(names: readonly string[], options: ListOptions, context: CommandContext): void {
  const { stdout, environment } = context;
  const chosen = chosenBy(names);
  if (options.json === true) {
    const catalogue = {
      incidents: chosen.incidents.map(({ id, title, summary }) => ({ id, title, summary })),
      mitigations: chosen.mitigations.map(({ apply: _, ...described }) => described),
      profiles: chosen.profiles,
    };
    stdout.write(`${JSON.stringify(catalogue, undefined, 2)}\n`);
  } else if (options.short === true) {
    stdout.write(shortText(chosen));
  } else {
    const layout = { width: widthFor(stdout), style: styleFor(stdout, environment), profiles: chosen.profiles };
    stdout.write(catalogueText(chosen.incidents, chosen.mitigations, layout));
  }
}

type Catalogue = ReturnType<typeof chosenBy>;

function chosenBy(names: readonly string[]) {
  const known = [...incidents, ...mitigations].map(({ id }) => id).concat(profiles.map(({ name }) => name));
  for (const name of names) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known) || '; "brownout list --short" names them all';
    throw new InputError(`list: no incident, mitigation or profile "${name}"${hint}`);
  }
  const isAsked = (name: string): boolean => names.length === 0 || names.includes(name);
  return {
    incidents: incidents.filter(({ id }) => isAsked(id)),
    mitigations: mitigations.filter(({ id }) => isAsked(id)),
    profiles: profiles.filter(({ name }) => isAsked(name)),
  };
}

/** A line each: the name and what it is. */
function shortText({ incidents: days, mitigations: means, profiles: releases }: Catalogue): string {
  const rows = [...days, ...means].map(({ id, title }) => [id, title] as const);
  const all = [...rows, ...releases.map(({ name, title }) => [name, title] as const)];
  const room = Math.max(...all.map(([name]) => name.length));
  return all.map(([name, title]) => `${name.padEnd(room)}  ${title}\n`).join('');
}
