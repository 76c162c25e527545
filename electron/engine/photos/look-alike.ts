/** How many of the 64 bits of two looks differ. */
export function lookDistance(a: string, b: string): number {
  let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; bits > 0n; bits &= bits - 1n) count++;
  return count;
}

/** So few bits apart, two pictures are one: measured by `images.test.ts` (the same picture smaller, lighter or saved worse differs by at most 5; other pictures by at least 15). */
export const SAME_LOOK = 8;
