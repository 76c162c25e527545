import type { TitleFacts } from './extract-title-facts.ts';

/** `conflict`: both sides name a variant, and not the same; `one-sided`: one names what the other leaves open. */
export type VariantAgreement = 'same' | 'one-sided' | 'conflict';

/** Finishes that shops use as colours; the matcher's model was fitted without them. */
const FINISHES = new Set(['teal', 'olive', 'sand', 'burgundy', 'bordeaux', 'navy', 'ivory', 'khaki', 'turquoise', 'coral', 'mint', 'lavender', 'maroon', 'rose', 'indigo', 'aqua', 'peach', 'mustard', 'charcoal', 'graphite', 'bronze']);
const SIZES = new Set(['xs', 's', 'm', 'l', 'xl', 'xxl', 'xxxl', 'small', 'medium', 'large']);
const SIZE_KINDS = /^(?:data|volume|mass|length)/;

function coloursOf({ tokens, colours }: TitleFacts): Set<string> {
  // `navy` is both itself and the colour that it belongs to
  return new Set([...colours, ...tokens.filter((token) => FINISHES.has(token))]);
}

function sizesOf({ tokens, measures }: TitleFacts): Set<string> {
  const sizes = tokens.filter((token, i) => SIZES.has(token) && !(token.length === 1 && /^[\d.]+$/.test(tokens[i - 1] ?? '')));
  return new Set([...sizes, ...measures.filter((m) => SIZE_KINDS.test(m.kind)).map((m) => `${m.value} ${m.kind}`)]);
}

function compare(a: ReadonlySet<string>, b: ReadonlySet<string>): VariantAgreement {
  if (a.size === 0 && b.size === 0) return 'same';
  if (a.size === 0 || b.size === 0) return 'one-sided';
  const shared = [...a].filter((word) => b.has(word)).length;
  // `green tea, grey` and `green tea, silver` share a word and mean two things
  if (shared < a.size && shared < b.size) return 'conflict';
  return shared === a.size && shared === b.size ? 'same' : 'one-sided';
}

/** Whether two titles name the same colour and size: what tells siblings of one model apart. */
export function compareVariants(a: TitleFacts, b: TitleFacts): VariantAgreement {
  const both = [compare(coloursOf(a), coloursOf(b)), compare(sizesOf(a), sizesOf(b))];
  return both.includes('conflict') ? 'conflict' : both.includes('one-sided') ? 'one-sided' : 'same';
}
