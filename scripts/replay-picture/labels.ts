/** Labels on a time axis that do not run into each other: flags on masts of different heights. */

/** A label before it has a place. */
export interface Flag {
  /** Where its mast stands, in pixels. */
  readonly x: number;
  /** Width of its text, in pixels. */
  readonly width: number;
}

/** Where a label goes. */
export interface PlacedFlag {
  /** 0 is nearest to the axis. */
  readonly row: number;
  /** The text stands left of the mast instead of right of it, because it would leave the picture. */
  readonly isLeft: boolean;
}

/** Room between a mast and its text, and between two texts in one row, in pixels. */
export const mastGap = 4;
const textGap = 8;

/** A flag with the side of its mast on which its text stands, and the room that it takes. */
interface Hung {
  readonly x: number;
  readonly isLeft: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * Places flags, sorted by `x`, so that no text meets another text or another flag's mast. Where a mast stands within the
 * text of another flag, the other hangs higher, and the mast ends below it. Texts stand right of their masts, except
 * where they would pass `rightEdge`, or where two flags would each have to hang above the other.
 */
export function placeFlags(flags: readonly Flag[], rightEdge: number): PlacedFlag[] {
  const hung: Hung[] = [];
  for (const flag of [...flags].reverse()) {
    const right = hang(flag, false);
    const isBlocked = hung.some((later) => later.isLeft && crosses(right, later) && crosses(later, right));
    hung.unshift(isBlocked || flag.x + mastGap + flag.width > rightEdge ? hang(flag, true) : right);
  }
  const rows = flags.map(() => 0);
  let isSettled = false;
  for (let pass = 0; !isSettled && pass <= flags.length ** 2; pass++) {
    isSettled = true;
    for (const [one, upper] of hung.entries()) {
      for (const [other, lower] of hung.entries()) {
        if (!mustHangAbove(upper, lower, one < other, rows[one] === rows[other]) || rows[one]! > rows[other]!) continue;
        rows[one] = rows[other]! + 1;
        isSettled = false;
      }
    }
  }
  return hung.map(({ isLeft }, index) => ({ row: rows[index]!, isLeft }));
}

function hang({ x, width }: Flag, isLeft: boolean): Hung {
  const reach = mastGap + width + textGap;
  return isLeft ? { x, isLeft, from: x - reach, to: x + 1 } : { x, isLeft, from: x - 1, to: x + reach };
}

function crosses(flag: Hung, mast: Hung): boolean {
  return flag.from < mast.x && mast.x < flag.to;
}

/** Flags on one side hang in the order of their masts; of two that share room only, the left one gives way. */
function mustHangAbove(upper: Hung, lower: Hung, isEarlier: boolean, isSameRow: boolean): boolean {
  if (upper === lower) return false;
  if (upper.isLeft === lower.isLeft) return upper.isLeft !== isEarlier && crosses(upper, lower);
  if (crosses(upper, lower)) return true;
  return isSameRow && upper.isLeft && upper.from < lower.to && lower.from < upper.to && !crosses(lower, upper);
}
