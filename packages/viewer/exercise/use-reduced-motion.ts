/** Whether the reader wants things to move. */
import { useEffect, useState } from 'preact/hooks';

const query = '(prefers-reduced-motion: reduce)';

/** True while the system asks for less motion: then requests are arrows, not dots on their way. */
export function useReducedMotion(): boolean {
  const [isReduced, setReduced] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const hear = (): void => setReduced(media.matches);
    media.addEventListener('change', hear);
    return () => media.removeEventListener('change', hear);
  }, []);
  return isReduced;
}
