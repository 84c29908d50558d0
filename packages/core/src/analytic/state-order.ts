/** An order of the states of a chain in which neighbours stand close together: the band of its rates is narrow. */

/**
 * The order of E. Cuthill and J. McKee (1969): from a state at the edge outwards, each time those with few neighbours first.
 * The edge is found by going out twice. `neighbours` must be symmetric.
 */
export function narrowOrder(neighbours: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const isPlaced = new Uint8Array(neighbours.length);
  for (let start = 0; start < neighbours.length; start++) {
    if (isPlaced[start] === 1) continue;
    const edge = outwards(neighbours, outwards(neighbours, start).at(-1)!).at(-1)!;
    for (const state of outwards(neighbours, edge)) {
      isPlaced[state] = 1;
      order.push(state);
    }
  }
  return order;
}

function outwards(neighbours: readonly (readonly number[])[], start: number): number[] {
  const order = [start];
  const isSeen = new Set(order);
  for (let next = 0; next < order.length; next++) {
    const fresh = neighbours[order[next]!]!.filter((state) => !isSeen.has(state));
    fresh.sort((a, b) => neighbours[a]!.length - neighbours[b]!.length || a - b);
    for (const state of fresh) {
      isSeen.add(state);
      order.push(state);
    }
  }
  return order;
}
