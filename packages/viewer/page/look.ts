/**
 * Colours of lines, told apart by people who see fewer of them. Dashes would tell more, and are unreadable on lines that jump: a
 * name in a legend that has the focus, or the mouse over it, brings its line out instead.
 */
import { useEffect, useState } from 'preact/hooks';

/** Okabe and Ito's colours as in all charts of Brownout, and lighter ones of the same hues for dark pages. */
const light = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b97a00', '#2e8fc4', '#6b5b95', '#4d4d4d'] as const;
const dark = ['#5fb0e6', '#ff8f4d', '#2ecf9f', '#e8a3cb', '#f2b632', '#9bdcff', '#b3a3e0', '#c0c6cc'] as const;

/** How the page looks: as the system says, or as chosen. */
export type Theme = 'auto' | 'light' | 'dark';

/** Colour of the line with this number. */
export function lineColour(index: number, isDark: boolean): string {
  const colours = isDark ? dark : light;
  return colours[index % colours.length] ?? light[0];
}

/** Whether the page is dark now: as chosen, as the system says, never on paper. */
export function useDark(theme: Theme): boolean {
  const [systemIsDark, setSystem] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const [isPrinted, setPrinted] = useState(false);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const paper = matchMedia('print');
    const onSystem = (): void => setSystem(query.matches);
    const onPaper = (): void => setPrinted(paper.matches);
    query.addEventListener('change', onSystem);
    paper.addEventListener('change', onPaper);
    return () => {
      query.removeEventListener('change', onSystem);
      paper.removeEventListener('change', onPaper);
    };
  }, []);
  const isDark = !isPrinted && (theme === 'auto' ? systemIsDark : theme === 'dark');
  // At once, not in an effect: charts read their colours from it in theirs, which come first.
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  return isDark;
}
