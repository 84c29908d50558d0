/** The runbook as buttons; each says which line it enters, so that who presses them learns the commands. */
import type { Briefing, ButtonView } from '@brownout/scenarios';
import { useState } from 'preact/hooks';
import { messageOf } from '../message-of.ts';
import type { Member } from './member.ts';
import { pathWords } from './wording.ts';

interface RunbookProps {
  readonly member: Member;
  readonly buttons: readonly ButtonView[];
  readonly clusters: Briefing['clusters'];
}

/** Which cluster, and what to do with it. */
export function Runbook({ member, buttons, clusters }: RunbookProps) {
  const [cluster, choose] = useState('');
  const [said, setSaid] = useState('');
  const push = async ({ id, needsCluster }: ButtonView): Promise<void> => {
    try {
      const entered = await member.push(id, needsCluster ? cluster : undefined);
      setSaid(entered.isAccepted ? '' : entered.text);
    } catch (error) {
      setSaid(messageOf(error));
    }
  };
  return (
    <div class="runbook">
      <h3>Runbook</h3>
      {buttons.length === 0 && <p class="note">Your roles have no steps in it.</p>}
      {buttons.some(({ needsCluster }) => needsCluster) && (
        <label>
          <span class="hidden">cluster</span>
          <select value={cluster} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">which cluster?</option>
            {clusters.map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
      )}
      <ul>
        {buttons.map((button) => (
          <li key={button.id}>
            <button
              type="button"
              data-button={button.id}
              disabled={button.needsCluster && cluster === ''}
              title={cluster === '' ? button.line : button.line.replaceAll('<cluster>', cluster)}
              onClick={() => void push(button)}
            >
              {button.title} <span class="note">{pathWords[button.path]}</span>
            </button>
          </li>
        ))}
      </ul>
      {said !== '' && <p role="status">{said}</p>}
    </div>
  );
}
