/** Sets a drill up: which incident, who takes part in which roles, how hard and how fast. */
import { difficulties, traineeName, type DifficultyId, type Trainee } from '@brownout/scenarios';
import { useEffect, useState } from 'preact/hooks';
import type { DrillChoices } from '../engine/drill-protocol.ts';
import type { RunSource } from '../engine/protocol.ts';
import { useExercise } from '../exercise-context.ts';
import { useStore } from '../store.ts';
import type { Desk } from './desk.ts';
import { KeptList } from './kept-list.tsx';
import { People } from './set-up-people.tsx';
import { Source } from './set-up-source.tsx';
import { Manner, type MannerChoice } from './set-up-manner.tsx';

/** The incident that is chosen at first. */
const firstIncident = 'openai-2024-12-11';

const usual: MannerChoice = {
  difficulty: 'guided',
  speed: 10,
  seed: '1',
  hintsAllowed: true,
  hasColleagues: true,
  waits: false,
  startMinutes: '',
  endMinutes: '',
};

/** The form; `begin` at its end. */
export function SetUp({ desk }: { readonly desk: Desk }) {
  const { engine } = useExercise();
  const problems = useStore(desk.problems);
  const [source, setSource] = useState<RunSource>({ kind: 'incident', id: firstIncident });
  const [choices, setChoices] = useState<DrillChoices | undefined>();
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [people, setPeople] = useState<readonly Trainee[]>([]);
  const [manner, setManner] = useState(usual);
  useEffect(() => {
    setChoices(undefined);
    setRefused([]);
    const task = engine.begin({ kind: 'drill-choices', source }, (news) => {
      if (news.kind === 'failed') setRefused(news.problems);
      if (news.kind !== 'drill-choices') return;
      setChoices(news.choices);
      const known = news.choices.roles.map(({ id }) => id);
      // Who was there stays, with the roles that this document has; at first one person does everything.
      setPeople((before) => {
        const kept = before.map(({ name, roles }) => ({ name, roles: roles.filter((id) => known.includes(id)) }));
        return kept.length > 0 && kept.every(({ roles }) => roles.length > 0) ? kept : [{ name: 'Alex', roles: known }];
      });
    });
    return () => task.abort();
  }, [engine, source]);
  const problem = choices === undefined ? undefined : whyNot(people, manner);
  const begin = (): void => {
    if (choices === undefined || problem !== undefined) return;
    void desk.begin({
      source,
      seed: manner.seed,
      trainees: people,
      difficulty: manner.difficulty as DifficultyId,
      colleagues: manner.hasColleagues ? 'by-difficulty' : 'nobody',
      hintsAllowed: manner.hintsAllowed,
      speed: manner.speed,
      beginsAtOnce: !manner.waits,
      ...secondsOf('startSeconds', manner.startMinutes, 0),
      ...secondsOf('endSeconds', manner.endMinutes, startOf(choices, manner)),
    });
  };
  return (
    <form
      class="set-up"
      aria-label="Set a drill up"
      onSubmit={(event) => {
        event.preventDefault();
        begin();
      }}
    >
      <h2>Live through an outage</h2>
      <p class="remark">
        You see what monitoring, alerts, customers and colleagues would have shown at the time, and nothing else. What
        you type and press takes as long as it would have taken, and may not get through.
      </p>
      <KeptList desk={desk} />
      <div class="set-up-columns">
        <div>
          <Source source={source} setSource={setSource} summary={choices?.summary ?? ''} />
          <Manner manner={manner} setManner={setManner} choices={choices} difficulties={difficulties} />
        </div>
        <People people={people} setPeople={setPeople} roles={choices?.roles ?? []} />
      </div>
      <p class="set-up-end">
        <button type="submit" class="main-button" disabled={choices === undefined || problem !== undefined}>
          begin the exercise
        </button>{' '}
        <span class="note" role="status">
          {problem ?? (choices === undefined && refused.length === 0 ? 'reading the document ...' : '')}
        </span>
      </p>
      {[...refused, ...problems].length > 0 && (
        <p class="problem" role="alert">
          {[...refused, ...problems].join('\n')}
        </p>
      )}
    </form>
  );
}

function startOf({ startSeconds }: DrillChoices, { startMinutes }: MannerChoice): number {
  return startMinutes.trim() === '' ? startSeconds : Number(startMinutes) * 60;
}

/** A key with seconds from minutes that were typed; nothing for an empty field. */
function secondsOf(key: 'startSeconds' | 'endSeconds', minutes: string, after: number): Record<string, number> {
  return minutes.trim() === '' ? {} : { [key]: after + Number(minutes) * 60 };
}

/** Why it cannot begin, for whoever fills the form in. */
function whyNot(people: readonly Trainee[], { seed, startMinutes, endMinutes }: MannerChoice): string | undefined {
  const names = people.map(({ name }) => name);
  const bad = names.find((name) => !traineeName.test(name) || name.toLowerCase() === 'facilitator');
  if (bad !== undefined) return `a name of letters, digits, spaces and . _ - is wanted, not "${bad}"`;
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return `two people are called ${twice}`;
  const idle = people.find(({ roles }) => roles.length === 0);
  if (idle !== undefined) return `${idle.name} has no role`;
  if (!/^[\x21-\x7e]{1,64}$/.test(seed)) return 'the seed is 1 to 64 characters without spaces';
  const numbers = [startMinutes, endMinutes].filter((text) => text.trim() !== '');
  if (numbers.some((text) => !Number.isFinite(Number(text)))) return 'minutes are a number';
  if (endMinutes.trim() !== '' && Number(endMinutes) <= 0) return 'it lasts at least a minute';
  return undefined;
}
