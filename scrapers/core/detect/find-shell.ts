const ROOT = /<div[^>]{0,200}\bid\s*=\s*["']?(?:root|app|__next|__nuxt|___gatsby|main|application|svelte|q-app)["'\s>]/i;
/** Fewer letters than this say nothing about a product. */
const FEW = 200;

/** The words between the tags; what stands in a script that is never closed is none, as a browser has it. */
export const wordsBetweenTags = (html: string): string => html.replace(/<(script|style|noscript|template)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ').replace(/<[^<>]{0,5000}>/g, ' ');

/** The page's HTML holds no content but the place where scripts are to put it. */
export function isEmptyShell(html: string): boolean {
  if (!/<script\b/i.test(html) || /application\/ld\+json/i.test(html)) return false;
  const body = /<body\b[^>]{0,2000}>([\s\S]*)/i.exec(html)?.[1] ?? html;
  const text = wordsBetweenTags(body).replace(/&[a-z#\d]{1,10};/gi, ' ').replace(/\s+/g, '');
  return text.length < FEW && (ROOT.test(body) || text.length < 40);
}
