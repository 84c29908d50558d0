/**
 * The console: commands as people type them, and what comes back. Arrows go through what was entered before, Tab completes, ^C
 * gives up a command that does not come back, ^L empties the screen, Escape leaves the console.
 */
import type { ConsoleView } from '@brownout/scenarios';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from '../message-of.ts';
import type { Member } from './member.ts';
import { momentOf } from './wording.ts';

interface ConsoleProps {
  readonly member: Member;
  readonly console: ConsoleView;
  readonly zero: number;
}

/** Scrollback and prompt. */
export function Console({ member, console: view, zero }: ConsoleProps) {
  const place = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const isAtEnd = useRef(true);
  const [said, setSaid] = useState('');
  const [line, setLine] = useState('');
  const at = useRef(-1);
  useLayoutEffect(() => {
    const list = place.current;
    if (list !== null && isAtEnd.current) list.scrollTop = list.scrollHeight;
  }, [view, said]);
  const enter = async (typed: string): Promise<void> => {
    at.current = -1;
    setSaid('');
    if (typed.trim() === '') return;
    setLine('');
    if (member.history.at(-1) !== typed) member.history.push(typed);
    isAtEnd.current = true;
    setSaid(await answered(member.enter({ kind: 'line', line: typed })));
  };
  const complete = async (): Promise<void> => {
    const words = await member.complete(line).catch((): readonly string[] => []);
    if (words.length === 0) return;
    const last = /\S*$/.exec(line)?.[0] ?? '';
    const common = commonStart(words);
    const isOne = words.length === 1;
    if (isOne || common.length > last.length)
      setLine(`${line.slice(0, line.length - last.length)}${common}${isOne ? ' ' : ''}`);
    setSaid(isOne ? '' : words.join('  '));
  };
  /** Back and on through what was entered; -1 = the line that is being typed. */
  const recall = (step: number): void => {
    const { history } = member;
    at.current = Math.min(history.length - 1, Math.max(-1, at.current + step));
    setLine(at.current < 0 ? '' : (history[history.length - 1 - at.current] ?? ''));
  };
  const hear = (event: KeyboardEvent): void => {
    const isCopying = globalThis.getSelection()?.isCollapsed === false;
    const act = actionOf(event, {
      complete: line.trim() === '' ? undefined : () => void complete(),
      recall,
      interrupt: isCopying ? undefined : () => void answered(member.enter({ kind: 'interrupt' })).then(setSaid),
      clear: () => void answered(member.enter({ kind: 'line', line: 'clear' })).then(setSaid),
      leave: () => input.current?.blur(),
    });
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <div class="console" onClick={() => globalThis.getSelection()?.isCollapsed !== false && input.current?.focus()}>
      <div
        ref={place}
        class="scrollback"
        role="log"
        aria-label="console"
        // Keys scroll what has the focus.
        tabIndex={0}
        onScroll={({ currentTarget: list }) => {
          isAtEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < 30;
        }}
      >
        {view.lines.length === 0 && <p class="note">help lists the commands that you have</p>}
        {view.lines.map(({ t, kind, text }, index) => (
          <pre key={index} class={`line-${kind}`} title={momentOf(t, zero)}>
            {kind === 'in' ? `$ ${text}` : text}
          </pre>
        ))}
        {view.running !== null && (
          <pre class="line-running">... since {momentOf(view.running.since, zero)}; ^C gives it up</pre>
        )}
        {said !== '' && <pre class="line-said">{said}</pre>}
      </div>
      <form
        class="prompt"
        onSubmit={(event) => {
          event.preventDefault();
          void enter(line);
        }}
      >
        <label>
          <span class="context">{view.context ?? ''}$</span>
          <span class="hidden">console</span>
          <input
            ref={input}
            type="text"
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            maxLength={500}
            value={line}
            onInput={(event) => setLine(event.currentTarget.value)}
            onKeyDown={hear}
          />
        </label>
        <button
          type="button"
          disabled={view.running === null}
          title="gives up the command that has not come back (^C)"
          onClick={() => void answered(member.enter({ kind: 'interrupt' })).then(setSaid)}
        >
          ^C
        </button>
      </form>
    </div>
  );
}

interface ConsoleKeys {
  /** Undefined while there is nothing to complete: then Tab goes on to what comes next, as everywhere. */
  readonly complete: (() => void) | undefined;
  readonly recall: (step: number) => void;
  readonly interrupt: (() => void) | undefined;
  readonly clear: () => void;
  readonly leave: () => void;
}

function actionOf({ key, ctrlKey, shiftKey }: KeyboardEvent, keys: ConsoleKeys): (() => void) | undefined {
  if (ctrlKey) return key === 'c' ? keys.interrupt : key === 'l' ? keys.clear : undefined;
  switch (key) {
    case 'Tab':
      return shiftKey ? undefined : keys.complete;
    case 'ArrowUp':
      return () => keys.recall(1);
    case 'ArrowDown':
      return () => keys.recall(-1);
    case 'Escape':
      return keys.leave;
    default:
      return undefined;
  }
}

/** What is said beside the console when something was not taken; '' when it was. */
async function answered(entered: ReturnType<Member['enter']>): Promise<string> {
  try {
    const { isAccepted, text } = await entered;
    return isAccepted ? '' : text;
  } catch (error) {
    return messageOf(error);
  }
}

/** What all words begin with. */
function commonStart([first = '', ...rest]: readonly string[]): string {
  let length = first.length;
  for (const word of rest) while (!word.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
