/** The draft of a postmortem: read here, taken along as a file. */
import type { Debrief } from '@brownout/scenarios';
import { saveText } from '../save-text.ts';

interface PostmortemProps {
  readonly debrief: Debrief;
  /** Whether nothing will be added to it. */
  readonly isOver: boolean;
}

/** Its text, folded up. */
export function Postmortem({ debrief, isOver }: PostmortemProps) {
  return (
    <section class="postmortem" aria-label="Draft of a postmortem">
      <h3>
        Draft of a postmortem{' '}
        <button
          type="button"
          title={isOver ? '' : 'what is known by now; more runs are being made'}
          onClick={() => saveText(`${debrief.scenario}-postmortem.md`, 'text/markdown', debrief.postmortem)}
        >
          save as Markdown
        </button>
      </h3>
      <details>
        <summary>show it</summary>
        <pre tabIndex={0}>{debrief.postmortem}</pre>
      </details>
    </section>
  );
}
