import { catalogueText, didYouMean, incidents, mitigations, profiles } from '@brownout/scenarios';
import { catalogueEntries } from '../catalogue.ts';
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
    stdout.write(shortText(names));
  } else {
    const layout = { width: widthFor(stdout), style: styleFor(stdout, environment), profiles: chosen.profiles };
    stdout.write(catalogueText(chosen.incidents, chosen.mitigations, layout));
  }
}

function chosenBy(names: readonly string[]) {
  const known = catalogueEntries().map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known) || '; "brownout list --short" names them all';
    throw new InputError(`list: no incident, mitigation or profile "${name}"${hint}`);
  }
  return {
    incidents: incidents.filter(({ id }) => isAsked(names, id)),
    mitigations: mitigations.filter(({ id }) => isAsked(names, id)),
    profiles: profiles.filter(({ name }) => isAsked(names, name)),
  };
}

/** Without names everything is. */
function isAsked(names: readonly string[], name: string): boolean {
  return names.length === 0 || names.includes(name);
}

/** A line each: the name and what it is. */
function shortText(names: readonly string[]): string {
  const shown = catalogueEntries().filter(({ name }) => isAsked(names, name));
  const room = Math.max(...shown.map(({ name }) => name.length));
  return shown.map(({ name, title }) => `${name.padEnd(room)}  ${title}\n`).join('');
}
