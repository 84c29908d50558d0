/** Ids in documents. */
import * as z from 'zod';
import { lazily } from './lazily.ts';

/** Lower-case words joined by hyphens. */
export const identifier: () => z.ZodType<string, string> = lazily(() =>
  z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens, such as "large-1"'),
);
