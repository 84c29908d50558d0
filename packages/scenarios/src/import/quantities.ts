/** Amounts as Kubernetes writes them: "250m", "16", "64Gi". Source: apimachinery, pkg/api/resource/quantity.go. */
import type { Cursor } from './cursor.ts';

const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1_048_576,
  Gi: 1_073_741_824,
  Ti: 1_099_511_627_776,
};

/** The amount that stands at a place, in cores or bytes; undefined where nothing stands. */
export function quantityAt(place: Cursor): number | undefined {
  if (place.isAbsent) return undefined;
  if (typeof place.value === 'number') return place.amount();
  const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(place.name()) ?? [];
  if (digits === undefined) return place.refuse('an amount such as "250m", "16" or "64Gi"');
  return Number(digits) * factors[unit]!;
}
