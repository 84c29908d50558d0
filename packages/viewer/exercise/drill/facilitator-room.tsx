/** What the facilitator has: the truth, what everybody does, and ways to take part in it. */
import type { DrillEntry } from '@brownout/scenarios';
import type { FacilitatorView } from '../../src/drill/drill-messages.ts';
import { useStore } from '../store.ts';
import { shareOf } from '../watch/time.ts';
import type { Desk } from './desk.ts';
import { FaultForm } from './fault-form.tsx';
import type { Member } from './member.ts';
import { Rows } from './pager.tsx';
import { SeatTable } from './seat-table.tsx';
import { TruthTable } from './truth-table.tsx';
import { WordForms } from './word-forms.tsx';
import { zeroOfDay } from './wording.ts';

interface FacilitatorRoomProps {
  readonly desk: Desk;
  readonly member: Member;
}

/** The room of the facilitator. */
export function FacilitatorRoom({ desk, member }: FacilitatorRoomProps) {
  const { truth, pace } = useStore(member.state);
  if (truth === undefined || pace === undefined) return <p class="placeholder">looking behind the dashboards ...</p>;
  const zero = zeroOfDay(pace);
  return (
    <div class="facilitator">
      <section class="truth" aria-label="The truth">
        <h2>
          The truth <span class="note">trainees see none of this</span>
        </h2>
        <Users truth={truth} />
        <TruthTable clusters={truth.clusters} />
        <h3>What has happened</h3>
        <div class="scroll" tabIndex={0}>
          <Rows
            rows={truth.notes.map(({ t, cluster, text }) => ({ t, who: cluster ?? '', text }))}
            empty="Nothing notable yet."
            zero={zero}
          />
        </div>
      </section>
      <section class="deeds" aria-label="What everybody does">
        <h3>What everybody does</h3>
        <div class="scroll" tabIndex={0}>
          <Rows
            rows={truth.log.map((entry) => ({ t: entry.t, who: entry.by, text: deedText(entry) }))}
            empty="Nobody has done anything."
            zero={zero}
          />
        </div>
        <h3>Your notes</h3>
        <div class="scroll small" tabIndex={0}>
          <Rows
            rows={[...truth.ownNotes].reverse().map(({ t, text }) => ({ t, who: '', text }))}
            empty="None; they are for the debrief."
            zero={zero}
          />
        </div>
      </section>
      <section class="hand" aria-label="Your hand in it">
        <SeatTable desk={desk} seats={truth.seats} member={member} />
        <WordForms member={member} />
        <FaultForm member={member} clusters={truth.clusters.map(({ id }) => id)} webhooks={truth.webhooks} />
      </section>
    </div>
  );
}

function Users({ truth: { products } }: { readonly truth: FacilitatorView }) {
  return (
    <p class="users-truth">
      {products.map(({ title, failureShare }) => (
        <span key={title}>
          {title} <b class={failureShare >= 0.01 ? 'firing' : ''}>{shareOf(failureShare)}</b>{' '}
          <span class="note">fail</span>
        </span>
      ))}
    </p>
  );
}

function deedText(entry: DrillEntry): string {
  switch (entry.kind) {
    case 'line':
      return `$ ${entry.line}`;
    case 'button':
      return `runbook: ${entry.button}${entry.cluster === undefined ? '' : ` ${entry.cluster}`}`;
    case 'interrupt':
      return '^C';
    case 'acknowledge':
      return `ack ${entry.alert}`;
    case 'fault':
      return `fault: ${JSON.stringify(entry.fault)}`;
    case 'hint':
      return `hint${entry.text === undefined ? '' : `: ${entry.text}`}`;
    case 'note':
    case 'message':
      return `${entry.kind}: ${entry.text}`;
    default:
      return entry.kind;
  }
}
