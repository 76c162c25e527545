/** A piece of a title, and whether the other title has it too. */
export interface TitlePart { readonly text: string; readonly shared: boolean }

const bare = (word: string) => word.toLowerCase().normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '');

/** A title in parts: what the other one does not say is what a person has to look at. Signs between words count as shared. */
export function compareTitles(title: string, other: string): TitlePart[] {
  const words = new Set(other.split(/\s+/).map(bare));
  const parts: TitlePart[] = [];
  for (const text of title.split(/(\s+)/)) {
    const word = bare(text);
    const shared = word === '' || words.has(word);
    const last = parts.at(-1);
    if (last?.shared === shared) parts[parts.length - 1] = { text: last.text + text, shared };
    else parts.push({ text, shared });
  }
  return parts;
}
