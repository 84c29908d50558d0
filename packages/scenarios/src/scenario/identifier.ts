/** Ids in documents. */
import * as z from 'zod';

/** Lower-case words joined by hyphens. */
export const identifier: z.ZodType<string, string> = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens, such as "large-1"');
