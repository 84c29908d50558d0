/** Something breaks: a fault from the list, now, for so many minutes, where it is said. */
import { useState } from 'preact/hooks';
import { messageOf } from '../message-of.ts';
import { faultChoices } from './fault-choices.ts';
import type { Member } from './member.ts';

interface FaultFormProps {
  readonly member: Member;
  readonly clusters: readonly string[];
  readonly webhooks: readonly string[];
}

/** Kind, cluster and length. */
export function FaultForm({ member, clusters, webhooks }: FaultFormProps) {
  const faults = faultChoices(webhooks);
  const [id, setId] = useState(faults[0]?.id ?? '');
  const [cluster, setCluster] = useState('');
  const [minutes, setMinutes] = useState('10');
  const [said, setSaid] = useState('');
  const isNumber = Number(minutes) > 0;
  const inject = async (): Promise<void> => {
    const chosen = faults.find((one) => one.id === id);
    const t = member.state.value.pace?.t;
    if (chosen === undefined || t === undefined || !isNumber) return;
    // Times of faults are those of the document: after the trigger.
    const until = `${Math.round(t + Number(minutes) * 60)} s`;
    const where = cluster === '' ? {} : { clusters: [cluster] };
    try {
      await member.facilitate({ kind: 'fault', fault: { ...chosen.fault, ...where, until } });
      setSaid('injected');
    } catch (error) {
      setSaid(messageOf(error));
    }
  };
  return (
    <form
      class="faults"
      aria-label="Inject a fault"
      onSubmit={(event) => {
        event.preventDefault();
        void inject();
      }}
    >
      <h3>Inject a fault</h3>
      <select aria-label="fault" value={id} onChange={(event) => setId(event.currentTarget.value)}>
        {faults.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
      </select>
      <p class="buttons">
        <select aria-label="where" value={cluster} onChange={(event) => setCluster(event.currentTarget.value)}>
          <option value="">all clusters</option>
          {clusters.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>{' '}
        <label>
          for{' '}
          <input
            type="text"
            class="minutes"
            inputMode="numeric"
            value={minutes}
            onInput={(event) => setMinutes(event.currentTarget.value)}
          />{' '}
          min
        </label>{' '}
        <button type="submit" disabled={!isNumber}>
          inject
        </button>
      </p>
      {said !== '' && <p role="status">{said}</p>}
    </form>
  );
}
