/** A stream of random numbers; seeded ones repeat exactly. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). `bound` is a whole number from 1 to 2^32. */
  int(bound: number): number;
  /** Standard normal. */
  normal(): number;
}

/** 32-bit FNV-1a over UTF-16 code units: stable across machines. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

function withDistributions(next: () => number): Random {
  return {
    next,
    int: (bound) => Math.floor(next() * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** sfc32, seeded from a number or text: a fast generator whose stream is the same on every machine. */
export function seededRandom(seed: number | string): Random {
  let a = hash32(`${seed}:a`);
  let b = hash32(`${seed}:b`);
  let c = hash32(`${seed}:c`);
  let d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  return withDistributions(next);
}

export const systemRandom: Random = withDistributions(() => Math.random());
