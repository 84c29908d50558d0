/**
 * Colours of the picture, for light and dark pages. Hues are those of Okabe and Ito; states of nodes also differ in how bright
 * they are, so that they can be told apart without seeing colours.
 */

/** All colours by what they mean. */
export interface Palette {
  readonly paper: string;
  readonly panel: string;
  readonly card: string;
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly track: string;
  /** Work that goes well. */
  readonly good: string;
  readonly memory: string;
  readonly seats: string;
  readonly warn: string;
  readonly bad: string;
  readonly names: string;
  readonly node: Readonly<Record<NodeLook, string>>;
}

/** What a node is drawn as; the worst that holds. */
export type NodeLook = 'gone' | 'plain' | 'agent' | 'stale' | 'late' | 'notReady' | 'failing' | 'mostFailing';

const light: Palette = {
  paper: '#ffffff',
  panel: '#f5f7fa',
  card: '#ffffff',
  ink: '#1f2933',
  faint: '#5a6875',
  line: '#cbd2d9',
  track: '#e4e7eb',
  good: '#0072b2',
  memory: '#009e73',
  seats: '#5d6db0',
  warn: '#e69f00',
  bad: '#d55e00',
  names: '#8a2f78',
  node: {
    gone: '#eef1f4',
    plain: '#c3d3e0',
    agent: '#6ba6d0',
    stale: '#e3d5ea',
    late: '#e6b800',
    notReady: '#d55e00',
    failing: '#c58abb',
    mostFailing: '#6d1b5e',
  },
};

const dark: Palette = {
  paper: '#14181d',
  panel: '#1e242b',
  card: '#191f25',
  ink: '#e6eaee',
  faint: '#a2adb8',
  line: '#3d4854',
  track: '#2f3841',
  good: '#5fb0e6',
  memory: '#2ecf9f',
  seats: '#9aa8e8',
  warn: '#f2b632',
  bad: '#ff8f4d',
  names: '#f0a5dd',
  node: {
    gone: '#20262d',
    plain: '#34495a',
    agent: '#3f83b3',
    stale: '#5b4a66',
    late: '#e8c02c',
    notReady: '#f2772f',
    failing: '#b56aa8',
    mostFailing: '#ffc8f2',
  },
};

/** The colours of a light or dark page. */
export function paletteOf(isDark: boolean): Palette {
  return isDark ? dark : light;
}
