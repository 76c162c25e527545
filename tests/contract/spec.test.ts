import { beforeAll, describe, expect, it } from 'vitest';
import { correctInventory, USED_SPECS } from './used-specs.ts';
import { knownBadExamples, SKIP_NOTE, Spec, SPECS_PRESENT } from './spec.ts';

if (!SPECS_PRESENT) console.log(SKIP_NOTE);

describe.skipIf(!SPECS_PRESENT)('a request that breaks the vendor’s document is reported', () => {
  let listings: Spec;
  let inventory: Spec;
  let uncorrected: Spec;
  beforeAll(async () => {
    listings = await Spec.load('amazon-sp-api/models/listingsItems_2021-08-01.json');
    inventory = await Spec.load('ebay/oas3/sell_inventory_v1_oas3.json', { correct: correctInventory });
    uncorrected = await Spec.load('ebay/oas3/sell_inventory_v1_oas3.json');
  });

  it('accepts a right one', () => {
    expect(listings.checkRequest({ method: 'PUT', path: '/listings/2021-08-01/items/A1/SKU1', query: { marketplaceIds: 'ATVPDKIKX0DER' }, body: { productType: 'LUGGAGE', requirements: 'LISTING', attributes: {} } })).toEqual([]);
  });

  it('names a missing parameter, an unknown one, a missing field and an unknown one', () => {
    expect(listings.checkRequest({ method: 'PUT', path: '/listings/2021-08-01/items/A1/SKU1', query: { marketplaceId: 'x' }, body: { productTyp: 'LUGGAGE', attributes: {} } })).toEqual([
      'missing query marketplaceIds', 'unknown query marketplaceId', "body must have required property 'productType'", 'body must NOT have additional properties productTyp',
    ]);
  });

  it('looks inside nested objects', () => {
    const body = { condition: 'NEW', availability: { shipToLocationAvailability: { quantitty: 1 } } };
    expect(inventory.checkRequest({ method: 'PUT', path: '/sell/inventory/v1/inventory_item/SKU1', contentType: 'application/json', body })).toEqual([
      'missing header Content-Language', 'body/availability/shipToLocationAvailability must NOT have additional properties quantitty',
    ]);
  });

  it('knows no path that the vendor does not have', () => {
    expect(inventory.checkRequest({ method: 'POST', path: '/sell/inventory/v1/inventory_item/SKU1' })).toEqual(['no operation POST /sell/inventory/v1/inventory_item/SKU1']);
  });

  it('reports an answer of the wrong type, and a status that is not documented', () => {
    expect(inventory.checkResponse({ method: 'POST', path: '/sell/inventory/v1/offer', status: 201, body: { offerId: 7 } })).toEqual(['/offerId must be string']);
    expect(inventory.checkResponse({ method: 'POST', path: '/sell/inventory/v1/offer', status: 418, body: {} })).toEqual(['status 418 is not documented']);
  });

  it('still needs its one correction: eBay’s document types aspects as text and describes a map', () => {
    const body = { product: { title: 'x', aspects: { Brand: ['Y'] } } };
    const request = { method: 'PUT', path: '/sell/inventory/v1/inventory_item/SKU1', headers: { 'Content-Language': 'en-US' }, contentType: 'application/json', body };
    expect(uncorrected.checkRequest(request)).toEqual(['body/product/aspects must be string']);
    expect(inventory.checkRequest(request)).toEqual([]);
  });
});

describe.skipIf(!SPECS_PRESENT)('every example in the vendors’ documents that are used', () => {
  it.each(USED_SPECS.map((spec) => [spec.file] as const))('%s follows the document, but for the known ones', async (file) => {
    const spec = await Spec.load(file);
    const known = knownBadExamples();
    const unexpected: string[] = [];
    let examined = 0;
    for (const example of spec.examples()) {
      examined += 1;
      if (example.faults.length > 0 && !known.has(`${file}\t${example.operation} ${example.label}`)) unexpected.push(`${example.operation} ${example.label}: ${example.faults[0]}`);
    }
    expect(unexpected).toEqual([]);
    // eBay's documents carry no examples; Amazon's carry at least one for each operation, but that of the stock in its warehouses.
    if (file.startsWith('amazon') && !file.endsWith('/fbaInventory.json')) expect(examined).toBeGreaterThanOrEqual(spec.operations.length);
  });

  it('are known to be wrong only where they are: the list names nothing that has been mended', async () => {
    const known = knownBadExamples();
    const fees = await Spec.load('amazon-sp-api/models/productFeesV0.json');
    const wrong = new Set([...fees.examples()].filter((example) => example.faults.length > 0).map((example) => `amazon-sp-api/models/productFeesV0.json\t${example.operation} ${example.label}`));
    expect([...known.keys()].filter((key) => key.startsWith('amazon-sp-api/models/productFeesV0.json')).toSorted()).toEqual([...wrong].toSorted());
  });
});
