/** Numbers in base units as people write them: microseconds as "1 h 30 min", bytes as "96 GiB". */

const timeSteps = [
  ['h', 3_600_000_000],
  ['min', 60_000_000],
  ['s', 1_000_000],
  ['ms', 1_000],
  ['us', 1],
] as const;

/** Microseconds as people write them: "30 min", "1 h 30 min", "1.5 ms"; two units from a minute up. */
export function formatTime(microseconds: number): string {
  if (!Number.isFinite(microseconds)) return microseconds > 0 ? 'for ever' : String(microseconds);
  const sign = microseconds < 0 ? '-' : '';
  const size = Math.abs(microseconds);
  const index = timeSteps.findIndex(([, factor]) => size >= factor);
  const [name, factor] = timeSteps[index] ?? ['s', 1_000_000];
  if (factor < 60_000_000) return `${sign}${short(size / factor)} ${name}`;
  const whole = Math.floor(size / factor);
  const [lowerName, lowerFactor] = timeSteps[index + 1] ?? ['s', 1_000_000];
  const rest = Number(((size - whole * factor) / lowerFactor).toPrecision(6));
  return `${sign}${whole} ${name}${rest === 0 ? '' : ` ${rest} ${lowerName}`}`;
}

/** Bytes as people write them, in powers of 1024: "96 GiB", "2.4 MiB". */
export function formatBytes(bytes: number): string {
  const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let step = 0;
  while (Math.abs(size) >= 1024 && step < steps.length - 1) {
    size /= 1024;
    step += 1;
  }
  return `${short(size)} ${steps[step] ?? 'B'}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
