/** Colours and sizes of a picture of a run. White ground, so that it reads the same on a light and on a dark page. */

export const width = 1000;
export const plotLeft = 100;
export const plotRight = 976;

export const fontFamily =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, 'DejaVu Sans', sans-serif";

/** Nothing is smaller than this, in pixels. */
export const smallFont = 11;

export const ground = '#ffffff';
export const frame = '#d0d7de';
export const ink = '#1f2328';
export const mutedInk = '#57606a';
export const grid = '#e4e8ec';
export const axisInk = '#8c959f';
export const greyLine = '#a8b0b8';
export const publishedInk = '#6639ba';
export const errorInk = '#24292f';

/**
 * Clusters that matter, largest first: five colours of Okabe and Ito, "Color Universal Design" (2008), which people with
 * any kind of colour vision tell apart.
 */
export const clusterColours: readonly string[] = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00'];
