/** Something that people do at a time: which action, where, when, and how it goes there. */
import type { StepPath } from '@brownout/scenarios';
import { useId, useState } from 'preact/hooks';
import { pathWords } from '../drill/wording.ts';
import { clockOf } from '../watch/time.ts';
import { inputsOf, momentFrom, type RunSpan } from './action-input.ts';
import { type Changes, withAction } from './changes.ts';
import type { ActionChoice, ActionField, Choices } from './what-if-tasks.ts';

interface FormProps {
  readonly choices: Choices;
  readonly changes: Changes;
  readonly change: (changes: Changes, atOnce: boolean) => void;
  readonly span: RunSpan;
  /** What stands in the field of the time at first, in seconds after the trigger. */
  readonly usualTime: number;
}

const everywhere = '*';

/** The form; what it adds stands in the list below it. */
export function ActionForm({ choices, changes, change, span, usualTime }: FormProps) {
  const id = useId();
  const [name, setName] = useState(choices.actions[0]?.action);
  const [where, setWhere] = useState(choices.clusters.at(-1) ?? everywhere);
  const [time, setTime] = useState(clockOf(usualTime, span.zeroOfDay));
  const [path, setPath] = useState<StepPath | undefined>();
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const choice = choices.actions.find(({ action }) => action === name);
  if (choice === undefined) return <p class="note">there is nothing to do in this document</p>;
  const t = momentFrom(time, span);
  const way = path !== undefined && choice.paths.includes(path) ? path : choice.paths[0]!;
  const add = (): void => {
    if (t === undefined) return;
    const clusters = choice.isGlobal ? [] : where === everywhere ? choices.clusters : [where];
    const inputs = inputsOf(choice, way, clusters, texts);
    change(
      inputs.reduce((before, input) => withAction(before, t, input), changes),
      true,
    );
  };
  return (
    <form
      class="action-form"
      aria-label="Somebody does something"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label for={`${id}-when`}>at</label>
      <input
        id={`${id}-when`}
        name="when"
        type="text"
        maxLength={20}
        aria-invalid={t === undefined}
        title="a time of day such as 15:40, or minutes after the trigger such as +25 min"
        value={time}
        onInput={(event) => setTime(event.currentTarget.value)}
      />
      <label for={`${id}-what`}>do</label>
      <select
        id={`${id}-what`}
        name="what"
        value={choice.action}
        onChange={(event) => {
          setName(event.currentTarget.value as ActionChoice['action']);
          setTexts({});
        }}
      >
        {choices.actions.map(({ action, title }) => (
          <option key={action} value={action}>
            {title}
          </option>
        ))}
      </select>
      {!choice.isGlobal && (
        <>
          <label for={`${id}-where`}>in</label>
          <select
            id={`${id}-where`}
            name="where"
            value={where}
            onChange={(event) => setWhere(event.currentTarget.value)}
          >
            <option value={everywhere}>every cluster</option>
            {choices.clusters.map((cluster) => (
              <option key={cluster}>{cluster}</option>
            ))}
          </select>
        </>
      )}
      {choice.paths.length > 1 && (
        <>
          <label for={`${id}-path`}>way</label>
          <select
            id={`${id}-path`}
            name="path"
            value={way}
            onChange={(event) => setPath(event.currentTarget.value as StepPath)}
          >
            {choice.paths.map((one) => (
              <option key={one} value={one}>
                {pathWords[one]}
              </option>
            ))}
          </select>
        </>
      )}
      {choice.fields.map((field) => (
        <Field
          key={field.name}
          id={`${id}-${field.name}`}
          field={field}
          text={texts[field.name]}
          set={(text) => setTexts({ ...texts, [field.name]: text })}
        />
      ))}
      <p class="action-end">
        <button type="submit" disabled={t === undefined}>
          add
        </button>{' '}
        <span class="note" role="status">
          {t === undefined
            ? `not a time between ${clockOf(span.startSeconds, span.zeroOfDay)} and ${clockOf(span.endSeconds, span.zeroOfDay)}`
            : ''}
        </span>
      </p>
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly field: ActionField;
  readonly text: string | undefined;
  readonly set: (text: string) => void;
}

function Field({ id, field: { name, title, usual, none, options }, text, set }: FieldProps) {
  return (
    <>
      <label for={id}>{title}</label>
      {options === undefined ? (
        <input
          id={id}
          name={name}
          type="text"
          maxLength={40}
          value={text ?? usual}
          placeholder={none ?? usual}
          onInput={(event) => set(event.currentTarget.value)}
        />
      ) : (
        <select id={id} name={name} value={text ?? usual} onChange={(event) => set(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )}
    </>
  );
}
