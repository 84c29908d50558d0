/**
 * The max-min fair division of a capacity, computed by filling all demands at the same level and raising the level by
 * bisection. It shares nothing with the flow control it is compared with.
 */
export function maxMinFair(demands: readonly number[], capacity: number): number[] {
  const given = (level: number): number[] => demands.map((demand) => Math.min(demand, level));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  if (sum(demands) <= capacity) return [...demands];
  let low = 0;
  let high = Math.max(0, ...demands);
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (sum(given(middle)) > capacity) high = middle;
    else low = middle;
  }
  return given(low);
}
