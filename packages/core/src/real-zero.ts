/**
 * Zero, for a field that will hold fractions or numbers of 2^31 and more. V8 stores a field that begins with 0 as a small integer;
 * the first other number in it changes the shape of the object, and throws away all code compiled for the old one. Minus zero is
 * a double from the beginning, counts and compares as 0, and is replaced by it in the constructor where somebody may see it.
 */
export const realZero: number = -0;
