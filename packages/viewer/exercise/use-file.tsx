/** A file that somebody chooses: an input that nobody sees, a way to press it, and what is said of a file that is refused. */
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { RunSource } from './engine/protocol.ts';
import { countOf } from './watch/time.ts';

interface FileWishes {
  /** Name of the input, for screen readers. */
  readonly label: string;
  /** Endings of names, as the input takes them. */
  readonly accept: string;
  /** Files are refused unread above so many bytes. */
  readonly largest: number;
  /** Why a file of this name is refused; undefined when it is not. */
  readonly refuse?: (name: string) => string | undefined;
  /** Hears why a file was refused; '' when one was not. */
  readonly say: (problem: string) => void;
  readonly open: (name: string, text: string) => void;
}

/** What a component does with it. */
interface ChosenFile {
  /** Opens the browser's dialog. */
  readonly choose: () => void;
  /** Stands anywhere in the component. */
  readonly input: VNode;
}

/** See above. */
export function useFile({ label, accept, largest, refuse, say, open }: FileWishes): ChosenFile {
  const place = useRef<HTMLInputElement>(null);
  const read = async (file: File): Promise<void> => {
    const tooLarge = file.size > largest ? `expected at most ${countOf(largest)} bytes` : undefined;
    const problem = refuse?.(file.name) ?? tooLarge;
    say(problem === undefined ? '' : `"${file.name}": ${problem}`);
    if (problem === undefined) open(file.name, await file.text());
  };
  const input = (
    <input
      ref={place}
      type="file"
      accept={accept}
      class="hidden"
      aria-label={label}
      tabIndex={-1}
      onChange={(event) => {
        const { currentTarget } = event;
        const file = currentTarget.files?.[0];
        // The same file can be chosen again.
        currentTarget.value = '';
        if (file !== undefined) void read(file);
      }}
    />
  );
  return { choose: () => place.current?.click(), input };
}

/** Documents have some ten thousand characters. */
const largestDocument = 400_000;

/** The same for a scenario document. */
export function useDocumentFile(say: (problem: string) => void, open: (source: RunSource) => void): ChosenFile {
  return useFile({
    label: 'scenario document',
    accept: '.yaml,.yml,.json',
    largest: largestDocument,
    refuse: (name) => (/\.(ya?ml|json)$/i.test(name) ? undefined : 'expected a file ending in .yaml, .yml or .json'),
    say,
    open: (name, text) => open({ kind: 'text', name, text }),
  });
}
