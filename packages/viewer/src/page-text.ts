/** A page from its template: the data goes into a block of JSON, which a browser never runs. */
import type { ReportView } from './view/report-view.ts';

/** What the template holds in place of the data. */
const dataSlot = '"brownout-report-data"';

/**
 * The text of the HTML file. `template` is `report.html` of this package. Throws RangeError when it has no place for data, or
 * more than one.
 */
export function reportPage(template: string, view: ReportView): string {
  const parts = template.split(dataSlot);
  if (parts.length !== 2) {
    throw new RangeError(`report page: expected a template with one place for data, got ${parts.length - 1}`);
  }
  return parts.join(inertJson(view));
}

/** JSON without the signs that could end the block it stands in, or begin a comment or a tag there. */
export function inertJson(data: unknown): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
