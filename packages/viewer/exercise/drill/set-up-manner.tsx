/** How hard and how fast: difficulty, speed, hints, colleagues, where it begins and ends, and the seed. */
import type { Difficulty } from '@brownout/scenarios';
import type { ComponentChildren } from 'preact';
import type { DrillChoices } from '../engine/drill-protocol.ts';
import { clockOf } from '../watch/time.ts';

/** What is chosen here; minutes as they were typed. */
export interface MannerChoice {
  readonly difficulty: string;
  readonly speed: number;
  readonly seed: string;
  readonly hintsAllowed: boolean;
  readonly hasColleagues: boolean;
  readonly waits: boolean;
  readonly startMinutes: string;
  readonly endMinutes: string;
}

/** Simulated seconds in a second that can be chosen. */
export const drillSpeeds: readonly number[] = [1, 2, 5, 10, 20, 30, 60, 120];

interface MannerProps {
  readonly manner: MannerChoice;
  readonly setManner: (manner: MannerChoice) => void;
  readonly choices: DrillChoices | undefined;
  readonly difficulties: readonly Difficulty[];
}

/** The fields. */
export function Manner({ manner, setManner, choices, difficulties }: MannerProps) {
  const change = (part: Partial<MannerChoice>): void => setManner({ ...manner, ...part });
  return (
    <>
      <fieldset>
        <legend>Difficulty</legend>
        {difficulties.map(({ id, title, what }) => (
          <label key={id} class="choice" title={what}>
            <input
              type="radio"
              name="difficulty"
              value={id}
              checked={manner.difficulty === id}
              onChange={() => change({ difficulty: id })}
            />
            <span>
              {title} <span class="note">{what}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="manner">
        <legend>Time and help</legend>
        <label>
          speed{' '}
          <select value={manner.speed} onChange={(event) => change({ speed: Number(event.currentTarget.value) })}>
            {drillSpeeds.map((speed) => (
              <option key={speed} value={speed}>
                {speed}×
              </option>
            ))}
          </select>
        </label>
        <Minutes label="begins" value={manner.startMinutes} set={(startMinutes) => change({ startMinutes })}>
          {startNote(manner, choices)}
        </Minutes>
        <Minutes label="lasts" value={manner.endMinutes} set={(endMinutes) => change({ endMinutes })}>
          min; empty: to its end
        </Minutes>
        <label>
          seed{' '}
          <input
            type="text"
            class="seed"
            name="seed"
            value={manner.seed}
            onInput={(event) => change({ seed: event.currentTarget.value })}
          />
        </label>
        <Check isOn={manner.hintsAllowed} set={(hintsAllowed) => change({ hintsAllowed })}>
          hints may be asked for
        </Check>
        <Check isOn={manner.hasColleagues} set={(hasColleagues) => change({ hasColleagues })}>
          simulated colleagues do what the difficulty leaves to them
        </Check>
        <Check isOn={manner.waits} set={(waits) => change({ waits })}>
          wait until the facilitator begins
        </Check>
      </fieldset>
    </>
  );
}

function startNote({ startMinutes }: MannerChoice, choices: DrillChoices | undefined): string {
  if (choices === undefined) return 'min after the trigger';
  const start = startMinutes.trim() === '' ? choices.startSeconds : Number(startMinutes) * 60;
  if (!Number.isFinite(start)) return 'min after the trigger';
  return `min after the trigger: ${clockOf(start, choices.clock.zeroOfDay).slice(0, 5)}`;
}

interface MinutesProps {
  readonly label: string;
  readonly value: string;
  readonly set: (text: string) => void;
  readonly children: string;
}

function Minutes({ label, value, set, children }: MinutesProps) {
  return (
    <label>
      {label}{' '}
      <input
        type="text"
        inputMode="numeric"
        class="minutes"
        name={label}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />{' '}
      <span class="note">{children}</span>
    </label>
  );
}

interface CheckProps {
  readonly isOn: boolean;
  readonly set: (isOn: boolean) => void;
  readonly children: ComponentChildren;
}

function Check({ isOn, set, children }: CheckProps) {
  return (
    <label class="choice">
      <input type="checkbox" checked={isOn} onChange={(event) => set(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}
