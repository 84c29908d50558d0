/** Baseline and branch, measure by measure. */
import type { BranchDifference } from '@brownout/scenarios';
import { branchText, differenceOf, valueOf, verdictWords } from './wording.ts';

interface OutcomeProps {
  readonly difference: BranchDifference;
  readonly zeroOfDay: number;
  /** Whether a branch stands beside the baseline; without one there is one column. */
  readonly hasBranch: boolean;
  readonly caption: string;
  /** Time of day up to which both are compared, where that is not the whole of it. */
  readonly until?: string | undefined;
  /** Whether the values are of a smaller model, whose servers are smaller and fewer as well. */
  readonly isOfSmaller: boolean;
}

/** Measures of single servers: of a smaller model they say nothing about the whole. */
const ofServers: readonly string[] = ['apiServerOomKills', 'peakApiServerMemoryBytes'];

/** The table. */
export function OutcomeTable({ difference, zeroOfDay, hasBranch, caption, until, isOfSmaller }: OutcomeProps) {
  const shown = difference.measures.filter(({ name }) => !isOfSmaller || !ofServers.includes(name));
  const head = (text: string) => (until === undefined ? text : `${text} to ${until}`);
  const cell = (text: string) => (until !== undefined && text === 'never' ? 'not yet' : text);
  return (
    <table class="outcome" aria-label={caption}>
      <thead>
        <tr>
          <th scope="col">measure</th>
          <th scope="col" class="number">
            {head('baseline')}
          </th>
          {hasBranch && (
            <>
              <th scope="col" class="number">
                {head('branch')}
              </th>
              <th scope="col" class="number">
                difference
              </th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {shown.map((measure) => (
          <tr key={measure.name} data-measure={measure.name} class={hasBranch ? measure.verdict : ''}>
            <th scope="row">{measure.title}</th>
            <td class="number">{cell(valueOf(measure.baseline, measure.kind, zeroOfDay))}</td>
            {hasBranch && (
              <>
                <td class="number">{cell(branchText(measure, zeroOfDay))}</td>
                <td class="number tells">
                  {differenceOf(measure)} <small>{verdictWords[measure.verdict]}</small>
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
