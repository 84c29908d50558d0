import { incidents, mitigations, profiles } from '@brownout/scenarios';

/** What there is to name on a command line. */

/** Incidents, mitigations and profiles by name, each with what it is. */
export function catalogueEntries(): readonly { readonly name: string; readonly title: string }[] {
  const named = [...incidents, ...mitigations].map(({ id, title }) => ({ name: id, title }));
  return [...named, ...profiles.map(({ name, title }) => ({ name, title }))];
}
