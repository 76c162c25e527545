/** A listing's description as its buyers read it: one line for each paragraph and list item. Nothing of its markup is carried over into the page. */
export function descriptionLines(html: string): { readonly text: string; readonly item: boolean }[] {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const blocks = [...parsed.body.querySelectorAll('p, li, h1, h2, h3')].map((node) => ({ text: (node.textContent ?? '').trim(), item: node.tagName === 'LI' })).filter((line) => line.text !== '');
  return blocks.length > 0 ? blocks : [{ text: (parsed.body.textContent ?? '').trim(), item: false }];
}
