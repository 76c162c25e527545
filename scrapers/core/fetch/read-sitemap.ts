import { gunzipSync } from 'node:zlib';

export interface Sitemap {
  readonly kind: 'index' | 'pages';
  /** Absolute addresses in the order of the file. */
  readonly urls: readonly string[];
  /** What it says of the last change, by address, as it stands there; only where it says anything. */
  readonly changes: ReadonlyMap<string, string>;
}

/** A sitemap may hold 50 MiB (sitemaps.org). */
const MOST_BYTES = 50 * 1_024 * 1_024;
const MOST_URLS = 50_000;

function unescapeXml(text: string): string {
  return text.trim().replace(/^<!\[CDATA\[|\]\]>$/g, '').trim().replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

/** Reads a sitemap or an index of sitemaps (sitemaps.org 0.9), plain text lists and gzip included; null for anything else. @throws when gzip is broken. */
export function readSitemap(bytes: Buffer): Sitemap | null {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (zipped ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes).toString('utf8');
  const isIndex = /<(?:\w+:)?sitemapindex[\s>]/.test(text.slice(0, 5_000));
  if (!isIndex && !/<(?:\w+:)?urlset[\s>]/.test(text.slice(0, 5_000))) return readList(text);
  const urls: string[] = [];
  const changes = new Map<string, string>();
  // `<image:loc>` holds pictures; the page's own address stands in a `loc` without that prefix.
  for (let at = text.indexOf('<loc>'); at >= 0 && urls.length < MOST_URLS; at = text.indexOf('<loc>', at + 5)) {
    const end = text.indexOf('</loc>', at);
    if (end < 0) break;
    const url = unescapeXml(text.slice(at + 5, end));
    if (!URL.canParse(url)) continue;
    urls.push(url);
    const changed = changeAfter(text, end);
    if (changed !== null) changes.set(url, changed);
  }
  return { kind: isIndex ? 'index' : 'pages', urls, changes };
}

/** The `lastmod` of the entry whose `loc` ends at `from`, if it follows in the same entry. */
function changeAfter(text: string, from: number): string | null {
  // Looked for within the entry alone: a sitemap without any `lastmod` would else be read to its end for each address.
  const next = text.indexOf('<loc>', from);
  const entry = text.slice(from, next < 0 ? from + 2_000 : Math.min(next, from + 2_000));
  const at = entry.indexOf('<lastmod>');
  const end = at < 0 ? -1 : entry.indexOf('</lastmod>', at);
  return end < 0 ? null : entry.slice(at + 9, end).trim().slice(0, 40);
}

function readList(text: string): Sitemap | null {
  const lines = text.split('\n').map((l) => l.trim()).filter((l) => l !== '');
  return lines.length > 0 && lines.every((l) => /^https?:\/\//.test(l) && URL.canParse(l)) ? { kind: 'pages', urls: lines.slice(0, MOST_URLS), changes: new Map() } : null;
}
