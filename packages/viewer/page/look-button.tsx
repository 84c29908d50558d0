/** The button that changes how a page looks. */
import type { Theme } from './look.ts';

const next: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

interface LookButtonProps {
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
}

/** Says how the page looks now; each press is the next look. */
export function LookButton({ theme, setTheme }: LookButtonProps) {
  return (
    <button type="button" onClick={() => setTheme(next[theme])} title="colours: as the system says, light or dark">
      {theme}
    </button>
  );
}
