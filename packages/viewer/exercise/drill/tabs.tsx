/** A few panels in one place, of which one is shown. Arrow keys go from tab to tab. */
import type { ComponentChildren } from 'preact';

/** One of them. */
export interface TabEntry {
  readonly id: string;
  readonly title: string;
  /** Said behind the title, such as how many are new. */
  readonly note?: string;
  readonly isUrgent?: boolean;
}

interface TabsProps {
  readonly label: string;
  readonly entries: readonly TabEntry[];
  readonly shown: string;
  readonly show: (id: string) => void;
  readonly children: ComponentChildren;
}

/** The tabs, and below them what the one shown holds. */
export function Tabs({ label, entries, shown, show, children }: TabsProps) {
  const at = entries.findIndex(({ id }) => id === shown);
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = entries[(at + step + entries.length) % entries.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    show(next.id);
    const list = event.currentTarget as HTMLElement;
    list.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {entries.map(({ id, title, note, isUrgent }) => (
          <button
            key={id}
            type="button"
            role="tab"
            data-tab={id}
            aria-selected={id === shown}
            tabIndex={id === shown ? 0 : -1}
            onClick={() => show(id)}
          >
            {title}
            {note !== undefined && <span class={isUrgent === true ? 'count urgent' : 'count'}>{note}</span>}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" aria-label={entries[at]?.title ?? label}>
        {children}
      </div>
    </>
  );
}
