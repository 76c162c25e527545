const PACK_WORDS = /[,(\s-]*\b(?:pack|set|lot|case|box)\s*(?:of|de)?\s*\d+\)?|[,(\s-]*\b\d+\s*-?\s*(?:pack|pk|pcs|count|ct)\b\)?/giu;

/** A title without its pack, for comparing: the same for one piece and for packs of it. */
export const lineOf = (title: string): string => title.toLowerCase().replace(PACK_WORDS, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
