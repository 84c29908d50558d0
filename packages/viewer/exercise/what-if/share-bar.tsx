/** Ways out and in: the link of the branch, its file, and a file that somebody else saved. */
import { linkText, runFileText, type SharedRun } from '@brownout/scenarios';
import { useRef, useState } from 'preact/hooks';
import { countOf } from '../watch/time.ts';

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
  const input = useRef<HTMLInputElement>(null);
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
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  const read = async (file: File): Promise<void> => {
    if (file.size > largestFile) setSaid(`"${file.name}": expected at most ${countOf(largestFile)} bytes`);
    else {
      setSaid('');
      open(await file.text());
    }
  };
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
      <button type="button" title="a run that was saved here or elsewhere" onClick={() => input.current?.click()}>
        open file ...
      </button>
      <input
        ref={input}
        type="file"
        accept=".json"
        class="hidden"
        aria-label="file of a run"
        tabIndex={-1}
        onChange={(event) => {
          const { currentTarget } = event;
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file !== undefined) void read(file);
        }}
      />
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
  const url = URL.createObjectURL(new Blob([runFileText(run)], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  const name = run.source.kind === 'incident' ? run.source.id : run.source.name.replace(/\.[a-z]+$/i, '');
  anchor.download = `${name}.run.json`;
  anchor.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
