import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonLd } from './find-jsonld.ts';
import { readJson } from './repair-json.ts';

const product = { '@type': 'Product', name: 'Mug // not a comment', description: 'a, b ,} and <!-- c -->', offers: { price: '9.99' } };

/** A list that is a beginning of the whole's, filled up with the rest, so that it can be compared with it. */
function asPart(part: unknown, whole: unknown): object {
  if (Array.isArray(part) && Array.isArray(whole)) return whole.map((w: unknown, i) => (i < part.length ? asPart(part[i], w) : w));
  if (typeof part !== 'object' || part === null) return part as never;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, asPart(value, (whole as Record<string, unknown>)[key])]));
}

describe('readJson', () => {
  it.each([
    ['comments', '{"a": 1, // one\n /* two */ "b": "x // y"}', { a: 1, b: 'x // y' }],
    ['control characters in strings', '{"a": "line\none\ttab\u0003"}', { a: 'line\none\ttab\u0003' }],
    ['trailing commas', '{"a": [1, 2, ], "b": {"c": 3, /* last */ }, }', { a: [1, 2], b: { c: 3 } }],
    ['a comment around it', '<!--{"a": 1}-->', { a: 1 }],
    ['CDATA around it', '//<![CDATA[\n{"a": 1}\n//]]>', { a: 1 }],
    ['CDATA without comments', '<![CDATA[{"a": 1}]]>', { a: 1 }],
    ['a closing semicolon', '{"a": 1};', { a: 1 }],
    ['illegal escapes', '{"a": "it\\\'s \\x"}', { a: "it's x" }],
    ['entities', '{&quot;a&quot;: &quot;b &amp; c&quot;}', { a: 'b & c' }],
    ['single quotes', "{'a': 'A \"big\" mug', 'b': 'it\\'s', 'c': 'http://x.y/z'}", { a: 'A "big" mug', b: "it's", c: 'http://x.y/z' }],
    ['curly quotes and names without quotes', '{“a”: “b”, c: 12}', { a: 'b', c: 12 }],
    ['bare quotes inside a text', '{"a": "24" monitor", "b": "The "best" mug", "c": 1}', { a: '24" monitor', b: 'The "best" mug', c: 1 }],
    ['commas missing and doubled', '{,"a": "1"\n"b": [{"c": 1} {"d": 2}],, "e": 3}', { a: '1', b: [{ c: 1 }, { d: 2 }], e: 3 }],
    ['what a template left out', '{"a": , "b": undefined, "c": NaN, "d": None, "e": True, "f": .5}', { b: null, c: null, d: null, e: true, f: 0.5 }],
    ['commas missing on one line', '{"a": "x" "b": "y" "c": {"d": 1} "e": 2}', { a: 'x', b: 'y', c: { d: 1 }, e: 2 }],
    ['a name that a program gives it', 'var p = {"a": 1};', { a: 1 }],
    ['a name in an object of the page, and the program after it', "window['shop'].product = {a: 'b'}; render();", { a: 'b' }],
    ['brackets around it', '({"a": 1});', { a: 1 }],
    ['an encoding too many', '"{\\"a\\": \\"b \\\\\\"c\\\\\\"\\"}"', { a: 'b "c"' }],
    ['quotes escaped without a text around them', '{\\"a\\": \\"b\\",\n\\"c\\": 1}', { a: 'b', c: 1 }],
    ['entities by number', '{&#034;a&#x22;: &#34;b&#34;}', { a: 'b' }],
    ['entities of entities', '{&amp;quot;a&amp;quot;: 1}', { a: 1 }],
    ["an editor's line breaks", '{<br />\n"a": "b",<br />\n"c": "d"<br />\n}<p></p>', { a: 'b', c: 'd' }],
    ['numbers that are none', '{"a": Infinity, "b": -Infinity, "c": NaN}', { a: null, b: null, c: null }],
    ['a brace too many', '{"a": 1}};', { a: 1 }],
    ['control characters between', '{"a":\u0000 1}', { a: 1 }],
  ])('repairs %s', (_what, text, expected) => expect(readJson(text)).toEqual({ values: [expected], repaired: true }));

  it.each([
    ['{"a": "b", "offers": {"price": 9.9', { a: 'b' }], ['{"a": "b", "offers": {"price": "9.9', { a: 'b' }], ['{"a": "b", "offers": {"price": "9.99", "priceC', { a: 'b', offers: { price: '9.99' } }],
    ['{"a": "b", "offers": [{"price": 9.99}, {"price": 19', { a: 'b' }], ['{"@graph": [{"a": 1}, {"b": 2, "c', { '@graph': [{ a: 1 }, { b: 2 }] }], ['[{"a": {"b": 1}}, {', [{ a: { b: 1 } }]],
    ['{"a": "b", "offers": {"lowPrice": "5.00", "hig', { a: 'b' }], ['{"a": "b", "offers": {"price": 9, "priceSpecification": {"price": "20.00", "pri', { a: 'b', offers: { price: 9 } }],
  ])('keeps of %s what is complete', (text, expected) => expect(readJson(text)).toEqual({ values: [expected], repaired: true, isCut: true }));
  it('says nothing, wherever a text is cut, that the whole does not say', () => {
    const whole = { '@graph': [{ name: 'Mug "XL", {blue}', sku: '12345', offers: { price: 129.95, high: '1299.00', list: [{ price: '1.5' }, 20.5] } }, { name: 'Cup', stock: true, none: null }] };
    const text = JSON.stringify(whole);
    for (let end = 0; end < text.length; end++) for (const value of readJson(text.slice(0, end))?.values ?? []) expect(whole).toMatchObject(asPart(value, whole));
  });
  it.each([['a comment', '//'], ['a bracket', '{'], ['a name', 'a='], ['escapes', '{\\n\\n']])('is not held up by a page of spaces behind %s', (_what, head) => {
    expect(readJson(`${head}${' '.repeat(1_000_000)}x`)).toBeNull();
  });
  it('reads values side by side', () => expect(readJson('{"a":1}\n{"b":2}')?.values).toEqual([{ a: 1 }, { b: 2 }]));
  it.each(['', 'var a = 1', '{"a": 1', '{"a": 1} junk', '{"a" 1}', '{"a": 12,50}', '{"a": "x"+"y"}', "{'a': 'b", '{"a": [1 2]}', '{"a": "b "c", d"}', '{"a": 007}', '{"a": "b" + c}', '["a" "b"]', 'var a = b({"c": 1})', '{"price": 12 .99}'])('refuses %j: nothing tells what was meant', (text) => expect(readJson(text)).toBeNull());
  it('leaves sound JSON as it is', () => {
    fc.assert(fc.property(fc.json(), (json) => {
      const read = readJson(json);
      return read !== null && !read.repaired && JSON.stringify(read.values[0]) === JSON.stringify(JSON.parse(json));
    }));
  });
  it('gets the same value back however the text is spoiled', () => {
    const json = JSON.stringify(product);
    for (const spoiled of [json.replace(/\}$/, ',}'), `<!-- ${json} -->`, json.replace('"offers"', '/* x */ "offers"'), `/* head */ ${json}`, `${json} // tail`]) expect(readJson(spoiled)?.values).toEqual([product]);
  });
});

const script = (text: string, type = 'application/ld+json') => `<script type="${type}">${text}</script>`;

describe('findJsonLd', () => {
  it('finds every block, whatever the case and order of its attributes', () => {
    const html = `<SCRIPT data-x='1' TYPE=application/ld+json>{"a":1}</SCRIPT>${script('[{"b":2},{"c":3}]', 'application/ld&#x2B;json')}${script('null')}`;
    expect(findJsonLd(html).blocks.flatMap((b) => b.nodes)).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
  });
  it('reads the type of the tag, and the tag to its end', () => {
    expect(findJsonLd(`<script type="application/ld+json" data-y="a>b">{"a":1}</script>${script('{"b":2}', 'APPLICATION/LD+JSON')}${script('{"c":3}', 'application/ld&#43;json')}<script data-type="application/ld+json">{"d":4}</script>`).blocks.flatMap((b) => b.nodes)).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
  });
  it('passes over what is commented out, and over words in the text', () => {
    expect(findJsonLd(`<!-- ${script('{"a":1}')} --><p>we use ld+json</p>${script('{"b":2}')}`).blocks.flatMap((b) => b.nodes)).toEqual([{ b: 2 }]);
  });
  it('tells of blocks it cannot read', () => expect(findJsonLd(script('{"a": ')).broken).toEqual(['{"a":']));
});
