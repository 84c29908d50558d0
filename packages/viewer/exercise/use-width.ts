/** How large an element is, and a new rendering whenever that changes. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** Width in CSS pixels; `first` until it has been measured. */
export function useWidth(place: RefObject<HTMLElement | null>, first = 800): number {
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
