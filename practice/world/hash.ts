/** Murmur3's finaliser over three words: a uniform draw that depends on its arguments alone, so that it is the same whenever it is asked for. */
export function mix(a: number, b: number, c: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(c + 0x165667b1, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform in [0, 1). */
export const uniform = (a: number, b: number, c: number): number => mix(a, b, c) / 4_294_967_296;

/** The Poisson count whose distribution function first passes `u`; `mean` is below 500. Grows with `mean` for a fixed `u`. */
export function poissonAt(u: number, mean: number): number {
  let term = Math.exp(-mean);
  let total = term;
  let count = 0;
  while (u >= total && count < 2_000) {
    count += 1;
    term *= mean / count;
    total += term;
    if (term < 1e-18 && count > mean) break;
  }
  return count;
}
