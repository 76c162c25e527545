import { describe, expect, it } from 'vitest';
import { canonicalUrl } from './canonical-url.ts';
import { findLinks } from './find-links.ts';
import { threadMs } from '#tests/support/thread-time.ts';

describe('canonicalUrl', () => {
  it('gives two spellings of one page one name, and two pages two', () => {
    const same = ['https://Shop.example:443/p//1?b=2&a=1&utm_source=x#top', 'https://shop.example/p/1?a=1&b=2&gclid=9', 'https://user:secret@shop.example/p/1?a=1&b=2'];
    expect(new Set(same.map(canonicalUrl))).toEqual(new Set(['https://shop.example/p/1?a=1&b=2']));
    expect(canonicalUrl('https://s.example/%7ejo%c3%a9')).toBe('https://s.example/~jo%C3%A9');
    for (const [a, b] of [['/p/1', '/p/1/'], ['/p/A', '/p/a'], ['/p?id=1', '/p?id=2'], ['/a%2Fb', '/a/b']]) expect(canonicalUrl(`https://s.example${a}`)).not.toBe(canonicalUrl(`https://s.example${b}`));
  });
  it('is its own canonical form', () => {
    for (const url of ['https://s.example/a?x=1+2&y=%20', 'http://s.example:8080/é?q=é', 'https://s.example']) expect(canonicalUrl(canonicalUrl(url))).toBe(canonicalUrl(url));
  });
});

describe('findLinks', () => {
  it('finds pages of the same site, each once, and nothing else', () => {
    const html = `<a href="/p/1">1</a><a class=x href='/p/1#reviews'>1</a><a href=/p/2?a=1&amp;b=2>2</a><a href="https://www.s.example/p/3">3</a><a href="https://t.example/p/4">4</a>
      <a rel="nofollow" href="/p/5">5</a><a href="mailto:a@b.c">m</a><a href="javascript:void(0)">j</a><a href="/cart">c</a><a href="/photo.jpg">i</a><a>none</a><a href="http://[bad">b</a>`;
    expect(findLinks(html, 'https://s.example/c/1')).toEqual(['https://s.example/p/1', 'https://s.example/p/2?a=1&b=2', 'https://www.s.example/p/3']);
  });
  it('stays quick on a page made to be slow', () => {
    expect(threadMs(() => findLinks('<a '.repeat(50_000) + '<a href="'.repeat(20_000), 'https://s.example/'))).toBeLessThan(2_000);
  });
});
