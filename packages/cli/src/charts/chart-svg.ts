/** Draws charts as SVG without a browser. Vega is large and slow to load: only who asks for a picture pays for it. */
import type { ChartSpec } from '@brownout/scenarios';

/** The chart as one SVG document. The same chart gives the same text. */
export async function chartSvg(spec: ChartSpec): Promise<string> {
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  const compiled = compile(spec as unknown as Parameters<typeof compile>[0]);
  const view = new View(parse(compiled.spec), { renderer: 'none' });
  try {
    return numberedFromOne(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Vega counts its clip paths on from picture to picture; here each picture begins at one, so that equal charts are equal texts. */
function numberedFromOne(svg: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(/\bclip(\d+)\b/g, (_, id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return `clip${numbers.get(id)!}`;
  });
}
