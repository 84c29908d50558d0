/** Mitigations by theme: what each does, what it costs, and its values once it is chosen. */
import type { MitigationParameter } from '@brownout/scenarios';
import { type Changes, defaultText, toggled, withParameter } from './changes.ts';
import type { Choices, MitigationChoice } from './what-if-tasks.ts';

interface ListProps {
  readonly choices: Choices;
  readonly changes: Changes;
  /** Letters that titles and texts must have; '' = all are shown. */
  readonly filter: string;
  /** `atOnce` = false while somebody types. */
  readonly change: (changes: Changes, atOnce: boolean) => void;
}

/** All of them; themes with something chosen, or found, are open. */
export function MitigationList({ choices, changes, filter, change }: ListProps) {
  const words = filter.toLowerCase();
  const isFound = ({ id, title, what }: MitigationChoice): boolean =>
    `${id} ${title} ${what}`.toLowerCase().includes(words);
  return (
    <>
      {choices.themes.map(({ id: theme, title }) => {
        const all = choices.mitigations.filter((one) => one.theme === theme);
        const shown = all.filter(isFound);
        if (shown.length === 0) return null;
        const chosen = all.filter(({ id }) => changes.mitigations.has(id)).length;
        return (
          <details key={theme} class="theme" open={chosen > 0 || words !== '' || theme === 'rollout'}>
            <summary>
              {title} {chosen > 0 && <span class="chosen-count">{chosen} chosen</span>}
            </summary>
            <ul>
              {shown.map((one) => (
                <Mitigation key={one.id} one={one} changes={changes} change={change} />
              ))}
            </ul>
          </details>
        );
      })}
    </>
  );
}

interface MitigationProps extends Pick<ListProps, 'changes' | 'change'> {
  readonly one: MitigationChoice;
}

function Mitigation({ one, changes, change }: MitigationProps) {
  const { id, title, what, costs, leavesOut, parameters, difference } = one;
  const texts = changes.mitigations.get(id);
  const isIdle = difference.length === 0;
  return (
    <li class={texts === undefined ? 'mitigation' : 'mitigation chosen'}>
      <label title={what}>
        <input
          type="checkbox"
          data-mitigation={id}
          checked={texts !== undefined}
          onChange={() => change(toggled(changes, id), true)}
        />{' '}
        {title}
        {isIdle && <span class="note"> (changes nothing here with its defaults)</span>}
      </label>
      {texts !== undefined && (
        <div class="details">
          <p>{what}</p>
          {Object.entries(parameters).map(([name, parameter]) => (
            <Parameter
              key={name}
              id={`${id}-${name}`}
              name={name}
              parameter={parameter}
              text={texts[name]}
              set={(text, atOnce) => change(withParameter(changes, id, name, text), atOnce)}
            />
          ))}
          <p>
            <b>Costs: </b>
            {costs}
          </p>
          <p>
            <b>Does not help with: </b>
            {leavesOut}
          </p>
        </div>
      )}
    </li>
  );
}

interface ParameterProps {
  readonly id: string;
  readonly name: string;
  readonly parameter: MitigationParameter;
  readonly text: string | undefined;
  readonly set: (text: string, atOnce: boolean) => void;
}

function Parameter({ id, name, parameter, text, set }: ParameterProps) {
  const usual = defaultText(parameter);
  return (
    <div class="value">
      <label for={id} title={parameter.description}>
        {name}
      </label>
      {parameter.kind === 'choice' ? (
        <select id={id} value={text ?? usual} onChange={(event) => set(event.currentTarget.value, true)}>
          {parameter.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="text"
          // A comma or a plus would begin another parameter, or another mitigation.
          pattern="[^,+]*"
          maxLength={200}
          value={text ?? ''}
          placeholder={usual}
          title={`${parameter.description}; default ${usual}`}
          onInput={(event) => {
            if (event.currentTarget.validity.valid) set(event.currentTarget.value, false);
          }}
        />
      )}
      <span class="note">{parameter.description}</span>
    </div>
  );
}
