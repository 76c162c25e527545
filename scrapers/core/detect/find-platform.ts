/** What software a shop runs on, by what its page and headers give away. */
export type Platform = 'woocommerce' | 'shopify' | 'prestashop';

export interface SeenPage {
  readonly url: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Sign {
  readonly platform: Platform;
  /** 3: nothing else shows it; 1: others may show it too. */
  readonly weight: number;
  readonly test: (page: SeenPage) => boolean;
}

const inHtml = (platform: Platform, weight: number, pattern: RegExp): Sign => ({ platform, weight, test: ({ html }) => pattern.test(html) });
const SIGNS: readonly Sign[] = [
  inHtml('woocommerce', 3, /\/wp-content\/plugins\/woocommerce\//i), inHtml('woocommerce', 3, /<meta[^>]{0,80}content=["']WooCommerce/i), inHtml('woocommerce', 2, /<body[^>]{0,400}class=["'][^"']{0,400}\bwoocommerce/i), inHtml('woocommerce', 1, /rel=["']https:\/\/api\.w\.org\/["']/i),
  inHtml('shopify', 3, /Shopify\.(?:theme|shop|currency)\s*=/), inHtml('shopify', 2, /cdn\.shopify\.com|\/cdn\/shop\//i), { platform: 'shopify', weight: 3, test: ({ headers }) => 'x-shopid' in headers || 'x-shopify-stage' in headers || /shopify/i.test(headers['powered-by'] ?? '') },
  inHtml('prestashop', 3, /\bvar prestashop\s*=/), inHtml('prestashop', 3, /<meta[^>]{0,80}content=["']PrestaShop/i), inHtml('prestashop', 2, /\/modules\/(?:ps_|blocklayered|blockcart)/i), { platform: 'prestashop', weight: 3, test: ({ headers }) => /prestashop/i.test(`${headers['powered-by'] ?? ''} ${headers['set-cookie'] ?? ''}`) },
];

/** Best first; only those that something speaks for. */
export function findPlatforms(page: SeenPage): Platform[] {
  const score = new Map<Platform, number>();
  for (const { platform, weight, test } of SIGNS) if (test(page)) score.set(platform, (score.get(platform) ?? 0) + weight);
  return [...score].toSorted((a, b) => b[1] - a[1]).map(([platform]) => platform);
}

/** Where the shop begins: WordPress and PrestaShop may live under a path, and say so. */
export function rootOf(platform: Platform, page: SeenPage): string {
  const origin = new URL(page.url).origin;
  if (platform === 'woocommerce') {
    const link = /<link[^>]{0,200}rel=["']https:\/\/api\.w\.org\/["'][^>]{0,20}href=["']([^"']{1,500}?)\/wp-json\/?["']/i.exec(page.html)?.[1];
    return sameSite(link, origin) ?? origin;
  }
  if (platform === 'prestashop') {
    const base = /"base_url"\s*:\s*"([^"]{1,500})"/.exec(page.html)?.[1]?.replaceAll('\\/', '/').replace(/\/+$/, '');
    return sameSite(base, origin) ?? origin;
  }
  return origin;
}

function sameSite(url: string | undefined, origin: string): string | null {
  return url !== undefined && URL.canParse(url) && new URL(url).host === new URL(origin).host ? url.replace(/\/+$/, '') : null;
}

const SITE_NAME = [/<meta[^>]{0,100}property=["']og:site_name["'][^>]{0,20}content=["']([^"']{1,120})["']/i, /<meta[^>]{0,20}content=["']([^"']{1,120})["'][^>]{0,20}property=["']og:site_name["']/i, /<title[^>]{0,100}>([^<]{1,200})/i];
const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\d]+/gu, '');

/** The page's own name for its site. A title names the page too: of its parts the one that the host's name says as well, else the first. */
export function siteName(html: string, url: string): string | null {
  const said = SITE_NAME.map((pattern) => pattern.exec(html)?.[1]).find((name) => name !== undefined);
  const parts = (said ?? '').replaceAll('&amp;', '&').replace(/&#0?39;|&rsquo;|&#8217;/g, '’').replace(/&[a-z#\d]+;/gi, ' ').split(/\s+[|–—:·-]\s+/).map((part) => part.replace(/\s+/g, ' ').trim()).filter((part) => part !== '');
  const host = plain(new URL(url).hostname.replace(/^www\./, '').replace(/\.[^.]*$/, ''));
  const name = parts.find((part) => plain(part).length > 3 && (host.includes(plain(part)) || plain(part).includes(host))) ?? parts[0];
  return name ? name.slice(0, 80) : null;
}
