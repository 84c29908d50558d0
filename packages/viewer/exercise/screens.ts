/** The screens in the order of their tabs. A screen is a component that takes everything it needs from `useExercise`. */
import type { ComponentType } from 'preact';
import { Debrief } from './debrief/debrief.tsx';
import { Drill } from './drill/drill.tsx';
import type { ScreenId } from './exercise-context.ts';
import { Watch } from './watch/watch.tsx';
import { WhatIf } from './what-if/what-if.tsx';

/** One screen. */
export interface Screen {
  readonly id: ScreenId;
  readonly title: string;
  /** What one does there, for the tip of its tab. */
  readonly hint: string;
  readonly Component: ComponentType<{ readonly isDark: boolean }>;
}

/** All of them; the digit keys choose one by its place. */
export const screens: readonly Screen[] = [
  { id: 'watch', title: 'Watch', hint: 'see the outage happen, and go anywhere in time', Component: Watch },
  { id: 'what-if', title: 'What if', hint: 'change something, and see the difference', Component: WhatIf },
  { id: 'drill', title: 'Drill', hint: 'live through it, with what people saw at the time', Component: Drill },
  { id: 'debrief', title: 'Debrief', hint: 'what was done, and what would have been better', Component: Debrief },
];

/** What stands behind `#`: a screen, and its parameters after a question mark. Anything unknown is the first screen. */
export function readAddress(hash: string): { readonly screen: ScreenId; readonly parameters: string } {
  // Somebody was invited to a drill that a server hosts.
  if (hash.startsWith('#join=')) return { screen: 'drill', parameters: hash.slice(1) };
  const [name = '', ...rest] = hash.replace(/^#/, '').split('?');
  const screen = screens.find(({ id }) => id === name)?.id ?? 'watch';
  return { screen, parameters: rest.join('?') };
}
