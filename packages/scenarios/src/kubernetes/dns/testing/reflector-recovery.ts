/**
 * How long after the API's return an informer that started at the beginning of an outage has its LIST, computed from the
 * back-off alone and without a simulation: attempt k + 1 follows attempt k, which fails at once, after b(k) (1 + U) with
 * b = 0.8 s doubling to 30 s and U even on [0, 1).
 */
import { power } from '@brownout/core';

/** Grid of attempt times, in seconds: every wait is a whole number of steps. */
const STEP = 0.05;

/** Distribution function of that delay in seconds, for an outage of `outage` seconds. */
export function recoveryDistribution(outage: number): (x: number) => number {
  const steps = Math.ceil(outage / STEP);
  const waits: { readonly wait: number; readonly mass: Float64Array }[] = [];
  let mass = new Float64Array(steps);
  mass[0] = 1;
  for (let k = 0; mass.some((each) => each > 1e-12); k++) {
    const wait = Math.min(0.8 * power(2, k), 30);
    waits.push({ wait, mass });
    mass = afterOneWait(mass, Math.round(wait / STEP));
  }
  return (x) => {
    let probability = 0;
    for (const each of waits) {
      for (let step = 0; step < steps; step++) {
        const left = outage - step * STEP;
        if (each.mass[step]! > 0) {
          probability += each.mass[step]! * (evenly(left + x, each.wait) - evenly(left, each.wait));
        }
      }
    }
    return probability;
  };
}

/** Every attempt is moved by `steps` to twice as many steps, evenly: by the middles of the steps between. */
function afterOneWait(mass: Float64Array, steps: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(mass.length);
  let sum = 0;
  for (let at = steps; at < mass.length; at++) {
    sum += mass[at - steps]! - (at >= 2 * steps ? mass[at - 2 * steps]! : 0);
    next[at] = sum / steps;
  }
  return next;
}

/** Distribution function of wait (1 + U). */
function evenly(x: number, wait: number): number {
  return Math.min(1, Math.max(0, (x - wait) / wait));
}
