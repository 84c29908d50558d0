/** Who takes part, and in which roles: one person may have all of them, and a role may be nobody's. */
import { mostTrainees, type Trainee } from '@brownout/scenarios';
import type { RoleChoice } from '../engine/drill-protocol.ts';

interface PeopleProps {
  readonly people: readonly Trainee[];
  readonly setPeople: (people: readonly Trainee[]) => void;
  readonly roles: readonly RoleChoice[];
}

/** Names for people who have not said theirs. */
const names: readonly string[] = [
  'Alex',
  'Billie',
  'Chris',
  'Dana',
  'Eli',
  'Fran',
  'Gray',
  'Harper',
  'Indy',
  'Jo',
  'Kim',
  'Lee',
];

/** A card for each person. */
export function People({ people, setPeople, roles }: PeopleProps) {
  const change = (at: number, part: Partial<Trainee>): void =>
    setPeople(people.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const toggle = (at: number, role: string, isOn: boolean): void => {
    const held = people[at]?.roles ?? [];
    change(at, { roles: roles.map(({ id }) => id).filter((id) => (id === role ? isOn : held.includes(id))) });
  };
  const left = roles.filter(({ id }) => !people.some((one) => one.roles.includes(id)));
  const free = names.find((name) => !people.some((one) => one.name === name)) ?? `Person ${people.length + 1}`;
  return (
    <fieldset class="people">
      <legend>People</legend>
      <p class="buttons">
        <button
          type="button"
          disabled={roles.length === 0}
          onClick={() => setPeople([{ name: people[0]?.name ?? 'Alex', roles: roles.map(({ id }) => id) }])}
        >
          one person, all roles
        </button>{' '}
        <button
          type="button"
          disabled={roles.length === 0}
          onClick={() => setPeople(roles.map(({ id }, index) => ({ name: names[index] ?? id, roles: [id] })))}
        >
          one person for each role
        </button>
      </p>
      {people.map(({ name, roles: held }, at) => (
        // By place: a name is what is being typed.
        <div class="person" key={at}>
          <p>
            <input
              type="text"
              aria-label={`name of person ${at + 1}`}
              value={name}
              maxLength={40}
              onInput={(event) => change(at, { name: event.currentTarget.value })}
            />{' '}
            {people.length > 1 && (
              <button
                type="button"
                aria-label={`${name} does not take part`}
                onClick={() => setPeople(people.filter((_, index) => index !== at))}
              >
                remove
              </button>
            )}
          </p>
          <p class="held">
            {roles.map(({ id, title, task }) => (
              <label class="choice" key={id} title={task}>
                <input
                  type="checkbox"
                  name={`role ${id} of ${at}`}
                  checked={held.includes(id)}
                  onChange={(event) => toggle(at, id, event.currentTarget.checked)}
                />
                <span>{title}</span>
              </label>
            ))}
          </p>
        </div>
      ))}
      <p class="buttons">
        <button
          type="button"
          disabled={people.length >= mostTrainees || roles.length === 0}
          onClick={() =>
            setPeople(
              withOneMore(
                people,
                free,
                left.map(({ id }) => id),
              ),
            )
          }
        >
          add a person
        </button>{' '}
        {left.length > 0 && roles.length > 0 && (
          <span class="note">
            nobody’s: {left.map(({ title }) => title).join(', ')} - left to colleagues, where there are any
          </span>
        )}
      </p>
      <details class="tasks" open={people.length < 2}>
        <summary>what the roles do</summary>
        <dl>
          {roles.map(({ id, title, task }) => (
            <div key={id}>
              <dt>{title}</dt>
              <dd class="note">{task}</dd>
            </div>
          ))}
        </dl>
      </details>
    </fieldset>
  );
}

/** The new one takes what is nobody's, or else a role of somebody who has several. */
function withOneMore(people: readonly Trainee[], name: string, left: readonly string[]): Trainee[] {
  if (left.length > 0) return [...people, { name, roles: left.slice(0, 1) }];
  const giver = people.find(({ roles }) => roles.length > 1);
  const given = giver?.roles.slice(-1) ?? [];
  const others = people.map((one) => (one === giver ? { ...one, roles: one.roles.slice(0, -1) } : one));
  return [...others, { name, roles: given }];
}
