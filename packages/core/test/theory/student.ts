/** Quantiles of Student's t distribution, for intervals from few replications. */

/** The value that a t variable with `degrees` degrees of freedom does not exceed with probability `p` > 1/2. */
export function studentQuantile(p: number, degrees: number): number {
  let low = 0;
  let high = 1e4;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T > t) by Simpson's rule on the density in u = atan(t / sqrt(degrees)), where it is cos^(degrees - 1). */
function upperTail(t: number, degrees: number): number {
  const start = Math.atan(t / Math.sqrt(degrees));
  return integral(start, degrees) / (2 * integral(0, degrees));
}

function integral(from: number, degrees: number): number {
  const steps = 400;
  const width = (Math.PI / 2 - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const factor = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += factor * Math.max(0, Math.cos(from + i * width)) ** (degrees - 1);
  }
  return (sum * width) / 3;
}
