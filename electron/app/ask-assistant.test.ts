import { describe, expect, it } from 'vitest';
import type { Assistant } from '#engine/assistant/index.ts';
import { readByAi } from '#scrapers/core/extract/ai-reader.ts';
import { createPageReader } from './ask-assistant.ts';

const PAGE = '<html><body><h1>Moulinex kettle Subito III</h1><p>Price: 12 500 DA</p><p>EAN 4006381333931</p></body></html>';
const signal = new AbortController().signal;

/** An assistant that answers so, and keeps what it was asked. */
function answering(answer: unknown) {
  const asked: Parameters<Assistant['ask']>[0][] = [];
  const assistant = { ask: (question: Parameters<Assistant['ask']>[0]) => { asked.push(question); return Promise.resolve(answer); } } as unknown as Assistant;
  return { reader: createPageReader(assistant), asked };
}

describe('the reader of pages', () => {
  it('asks under the purpose "extract" with the page’s shown text as data, and believes what stands there alone', async () => {
    const { reader, asked } = answering({ value: { name: 'Moulinex kettle Subito III', brand: 'Moulinex', price: '12 500 DA', gtin: '9999999999999', availability: 'in stock' }, meta: {} });
    const read = await readByAi(PAGE, reader, signal);
    expect(read.sheet).toMatchObject({ name: 'Moulinex kettle Subito III', brand: 'Moulinex', price: '12500', currency: 'DZD', identifiers: [] });
    expect(read.invented).toEqual(['availability: in stock', 'gtin: 9999999999999']);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ purpose: 'extract', data: { page: expect.stringContaining('12 500 DA') } });
    expect(asked[0]!.instructions).not.toContain('Moulinex');
  });

  it('knows nothing where nobody is to be asked', async () => {
    const { reader } = answering({ offline: { code: 'assistant.off', data: {} } });
    expect(await readByAi(PAGE, reader, signal)).toEqual({ sheet: null, invented: [], refused: null });
  });
});
