/** How large an element is, and a new rendering whenever that changes. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** Until it has been measured. */
const first = 800;

/** Width in CSS pixels. */
export function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const measure = (): void => setWidth(host.clientWidth);
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(host);
    return () => resized.disconnect();
  }, [place]);
  return width;
}
