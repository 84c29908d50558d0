import type { CompareResult, PlanResult, SweepResult, TipResult } from '@brownout/scenarios';
import { InputError } from './input-error.ts';
import { Compared, Swept } from './library/comparisons.ts';
import { Planned, Tipped } from './library/searches.ts';
import type { Shown } from './library/shown.ts';

/** Results of studies that commands wrote, read back as the library's, which know their tables and charts. */

/** What tables and charts of a study cannot do without, by schema, and what makes views of it. */
const studies: Readonly<Record<string, readonly [needed: readonly string[], view: (data: object) => Shown<object>]>> = {
  'brownout/compare@1': [['variants', 'measures'], (data) => new Compared(data as CompareResult)],
  'brownout/sweep@1': [['factors', 'measures', 'rows'], (data) => new Swept(data as SweepResult)],
  'brownout/tip@1': [['runs'], (data) => new Tipped(data as TipResult)],
  'brownout/plan@1': [['goals', 'rows'], (data) => new Planned(data as PlanResult)],
};

/** The study whose result this is; undefined when it is something else. `name` is what the user called it. */
export function studyIn(data: unknown, name: string): Shown<object> | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const fields = data as Readonly<Record<string, unknown>>;
  const known = studies[String(fields['schema'])];
  if (known === undefined) return undefined;
  const [needed, view] = known;
  for (const key of needed) {
    if (!Array.isArray(fields[key])) throw new InputError(`"${name}" is damaged: ${key}: expected array`);
  }
  return view(data);
}
