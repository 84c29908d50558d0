import { readTime } from '@brownout/scenarios';
import { InputError } from './input-error.ts';

/** `--scrape` as typed, in seconds: from a second, below which no Prometheus scrapes, to an hour. */
export function readScrape(text: string): number {
  const reading = readTime(text);
  const seconds = (reading.value ?? NaN) / 1_000_000;
  if (reading.problem === undefined && seconds >= 1 && seconds <= 3600) return seconds;
  throw new InputError(`--scrape: expected a time from 1 s to 1 h such as 30s, got ${JSON.stringify(text)}`);
}
