/** Ways out and in: the link of the branch, its file, and a file that somebody else saved. */
import { linkText, runFileText, type SharedRun } from '@brownout/scenarios';
import { useState } from 'preact/hooks';
import { messageOf } from '../message-of.ts';
import { saveText } from '../save-text.ts';
import { useFile } from '../use-file.tsx';

interface ShareProps {
  /** The run as it would be sent; undefined while the engine has not told its version. */
  readonly shared: SharedRun | undefined;
  /** The text of a file that was chosen. */
  readonly open: (text: string) => void;
}

/** Files are refused unread above this size. */
const largestFile = 1_500_000;

/** Buttons, and what came of them. */
export function ShareBar({ shared, open }: ShareProps) {
  const [link, setLink] = useState('');
  const [said, setSaid] = useState('');
  const copy = async (run: SharedRun): Promise<void> => {
    try {
      const address = `${location.href.replace(/#.*$/s, '')}#what-if?${linkText(run)}`;
      setLink(address);
      try {
        await navigator.clipboard.writeText(address);
        setSaid('copied');
      } catch {
        setSaid('copy it from here:');
      }
    } catch (error) {
      setLink('');
      setSaid(messageOf(error));
    }
  };
  const { choose, input } = useFile({
    label: 'file of a run',
    accept: '.json',
    largest: largestFile,
    say: setSaid,
    open: (_, text) => open(text),
  });
  return (
    <div class="share">
      <button
        type="button"
        disabled={shared === undefined}
        title="everything that decides this run is in the link itself; nothing is sent to anybody"
        onClick={() => shared !== undefined && void copy(shared)}
      >
        copy link
      </button>
      <button
        type="button"
        disabled={shared === undefined}
        title="the same as a file: document or incident, seed, changes, log, and the digest once the exact run has ended"
        onClick={() => shared !== undefined && save(shared)}
      >
        save file
      </button>
      <button type="button" title="a run that was saved here or elsewhere" onClick={choose}>
        open file ...
      </button>
      {input}
      {said !== '' && <span role="status">{said}</span>}
      {link !== '' && (
        <input
          type="text"
          class="link"
          aria-label="link to this run"
          readOnly
          value={link}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
    </div>
  );
}

function save(run: SharedRun): void {
  const name = run.source.kind === 'incident' ? run.source.id : run.source.name.replace(/\.[a-z]+$/i, '');
  saveText(`${name}.run.json`, 'application/json', runFileText(run));
}
