/** What a column of a price list holds. `cost` is what the buyer pays; `retail` what shops ask; `map` the least that may be advertised. */
export const COLUMN_ROLES = ['id', 'asin', 'mpn', 'title', 'brand', 'category', 'cost', 'pack', 'case', 'quantity', 'minimumOrder', 'map', 'retail', 'currency', 'tax'] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** What the cost column's figure buys. */
export type CostBasis = 'unit' | 'pack' | 'case';

/** Plain words of a header: lower case, no accents, no Arabic vowel marks, one form of alef, single spaces. */
export function plainWords(text: string): string {
  return text.normalize('NFKD').replace(/[\u0300-\u036f\u064b-\u0652\u0640]/g, '').toLowerCase().replace(/[أإآ]/g, 'ا').replace(/ى/g, 'ي').replace(/ة/g, 'ه').replace(/([a-z])n[°º]/g, '$1').replace(/[^\p{L}\p{N}#%]+/gu, ' ').trim();
}

/** Header words by role in English, French, Arabic, Spanish, German and the Scandinavian languages, as `plainWords` leaves them. The longest phrase found decides, so `unit price` beats `unit`. */
const WORDS: Readonly<Record<ColumnRole, readonly string[]>> = {
  id: ['ean', 'ean13', 'ean 13', 'ean code', 'upc', 'upc code', 'upc a', 'gtin', 'gtin 13', 'gtin13', 'barcode', 'bar code', 'barcodes', 'ean upc', 'upc ean', 'isbn', 'isbn 13', 'isbn13', 'isbn 10', 'isbn10', 'product id', 'identifier', 'code barre', 'code barres', 'code a barres', 'gencod', 'gencode', 'codigo de barras', 'codigo barras', 'codigo ean', 'strichcode', 'ean nummer', 'ean code', 'باركود', 'الباركود', 'رمز شريطي', 'رمز المنتج', 'ean kod', 'streckkod', 'strekkode', 'stregkode', 'ean nr'].map(plainWords),
  asin: ['asin', 'amazon asin'],
  mpn: ['sku', 'mpn', 'item no', 'item number', 'item #', 'item code', 'item', 'model', 'model no', 'model number', 'part number', 'part no', 'part #', 'style', 'style number', 'manufacturer part number', 'mfr part', 'product code', 'stock code', 'vendor sku', 'supplier sku', 'article number', 'ref', 'reference', 'reference article', 'code article', 'code produit', 'referencia', 'codigo', 'codigo articulo', 'modelo', 'artikelnummer', 'artikel nr', 'art nr', 'bestellnummer', 'modell', 'رقم الصنف', 'رقم القطعه', 'المرجع', 'الموديل', 'artikelnr', 'artnr', 'varenummer', 'varenr', 'artikkelnummer', 'produktnummer'].map(plainWords),
  title: ['title', 'name', 'product', 'product name', 'product title', 'item name', 'item description', 'description', 'product description', 'desc', 'designation', 'libelle', 'nom', 'nom du produit', 'produit', 'article', 'titre', 'intitule', 'nombre', 'nombre del producto', 'producto', 'articulo', 'descripcion', 'titulo', 'bezeichnung', 'artikel', 'artikelbezeichnung', 'beschreibung', 'produkt', 'produktname', 'titel', 'اسم المنتج', 'المنتج', 'الصنف', 'الوصف', 'البيان', 'التسميه', 'الاسم', 'اسم الصنف', 'benämning', 'produktnamn', 'artikelnamn', 'produktnavn', 'varenavn', 'varetekst', 'beskrivning', 'beskrivelse', 'betegnelse', 'navn', 'item'].map(plainWords),
  brand: ['brand', 'brand name', 'manufacturer', 'mfr', 'maker', 'vendor', 'publisher', 'label', 'marque', 'fabricant', 'editeur', 'marca', 'fabricante', 'editorial', 'marke', 'hersteller', 'verlag', 'الماركه', 'العلامه التجاريه', 'الشركه المصنعه', 'الشركه', 'varumärke', 'märke', 'merke', 'varemerke', 'mærke', 'tillverkare', 'produsent', 'leverandør'].map(plainWords),
  category: ['category', 'department', 'product type', 'type', 'family', 'group', 'categorie', 'famille', 'rayon', 'categoria', 'familia', 'kategorie', 'warengruppe', 'الفئه', 'التصنيف', 'القسم', 'varugrupp', 'varegruppe', 'kategori'].map(plainWords),
  cost: ['cost', 'price', 'unit cost', 'unit price', 'net price', 'net cost', 'your price', 'your cost', 'wholesale', 'wholesale price', 'wholesale cost', 'dealer price', 'dealer cost', 'trade price', 'cost price', 'buy price', 'purchase price', 'price each', 'each', 'case price', 'case cost', 'price per case', 'price per unit', 'pack price', 'our price', 'sale price', 'offer price', 'net', 'invoice price', 'cogs', 'prix', 'prix unitaire', 'prix achat', 'prix d achat', 'prix ht', 'pu ht', 'p u', 'tarif', 'cout', 'prix net', 'prix de gros', 'prix grossiste', 'prix carton', 'prix par carton', 'precio', 'precio unitario', 'precio neto', 'precio mayorista', 'coste', 'costo', 'precio de costo', 'precio compra', 'precio caja', 'preis', 'stuckpreis', 'einzelpreis', 'nettopreis', 'einkaufspreis', 'ek', 'ek preis', 'ek netto', 'preis pro karton', 'handlerpreis', 'السعر', 'سعر', 'سعر الوحده', 'سعر الجمله', 'سعر الشراء', 'التكلفه', 'سعر الكرتون', 'الثمن', 'inköpspris', 'inpris', 'innkjøpspris', 'indkøbspris', 'kostpris', 'nettopris', 'pris', 'enhetspris', 'enhedspris', 'engrospris', 'rate', 'dp'].map(plainWords),
  pack: ['pack', 'pack size', 'units per pack', 'pack qty', 'pack quantity', 'per pack', 'pieces', 'pcs', 'pcs per pack', 'unit count', 'item pack', 'multipack', 'lot', 'conditionnement', 'unites par lot', 'pieces par lot', 'piezas', 'unidades por paquete', 'paquete', 'packung', 'stuck pro packung', 've', 'verpackungseinheit', 'inhalt', 'العبوه', 'عدد القطع', 'قطع'].map(plainWords),
  case: ['case', 'case size', 'case pack', 'case qty', 'case quantity', 'units per case', 'qty per case', 'carton', 'carton qty', 'carton size', 'ctn qty', 'master case', 'master carton', 'master pack', 'inner pack', 'box qty', 'per case', 'colisage', 'pcb', 'unites par carton', 'qte par carton', 'quantite par carton', 'unidades por caja', 'caja', 'unidades caja', 'karton', 'kartoninhalt', 'stuck pro karton', 'كرتون', 'عدد الكرتون', 'وحده في الكرتون', 'عدد في الكرتونه'].map(plainWords),
  quantity: ['qty', 'quantity', 'stock', 'in stock', 'available', 'availability', 'qty available', 'available qty', 'quantity available', 'on hand', 'qoh', 'inventory', 'units', 'stock level', 'quantite', 'qte', 'quantite disponible', 'disponible', 'disponibilite', 'stock disponible', 'cantidad', 'existencias', 'unidades', 'menge', 'bestand', 'lagerbestand', 'verfugbar', 'anzahl', 'الكميه', 'المخزون', 'المتوفر', 'العدد', 'lager', 'lagersaldo', 'lagerantal', 'antal', 'antall', 'saldo', 'beholdning', 'på lager'].map(plainWords),
  minimumOrder: ['moq', 'min order', 'minimum order', 'min qty', 'minimum qty', 'minimum quantity', 'min order qty', 'minimum order quantity', 'commande minimum', 'quantite minimum', 'qte min', 'pedido minimo', 'cantidad minima', 'mindestmenge', 'mindestbestellmenge', 'الحد الادني'].map(plainWords),
  map: ['map', 'map price', 'minimum advertised price', 'min advertised price', 'umap', 'imap', 'prix minimum'].map(plainWords),
  retail: ['msrp', 'rrp', 'srp', 'retail', 'retail price', 'list price', 'list', 'suggested retail', 'suggested retail price', 'recommended retail price', 'amazon price', 'prix public', 'prix conseille', 'prix de vente', 'ppc', 'pvp', 'precio publico', 'precio venta', 'precio de venta', 'pvpr', 'uvp', 'vk', 'vk preis', 'verkaufspreis', 'listenpreis', 'سعر البيع', 'سعر التجزئه', 'سعر المستهلك', 'utpris', 'rek pris', 'riktpris', 'veiledende pris', 'vejledende pris', 'utsalgspris', 'udsalgspris', 'mrp'].map(plainWords),
  currency: ['currency', 'curr', 'ccy', 'cur', 'devise', 'monnaie', 'moneda', 'divisa', 'wahrung', 'العمله', 'valuta'].map(plainWords),
  tax: ['tax', 'vat', 'vat rate', 'tax rate', 'vat %', 'tax %', 'gst', 'sales tax', 'tva', 'taux tva', 'tva %', 'iva', 'iva %', 'tipo iva', 'mwst', 'mwst %', 'ust', 'steuer', 'steuersatz', 'الضريبه', 'ضريبه القيمه المضافه', 'ضريبه', 'moms', 'mva', 'moms %', 'mva %'].map(plainWords),
};

const INDEX = new Map<string, ColumnRole>();
for (const role of COLUMN_ROLES) for (const phrase of WORDS[role]) if (!INDEX.has(phrase)) INDEX.set(phrase, role);

const CASE_WORDS = /\b(case|carton|ctn|caja|karton)\b|كرتون/;
const PACK_WORDS = /\b(pack|lot|paquete|packung|ve)\b|عبوه/;
const UNIT_WORDS = /\b(unit|each|piece|pc|unitaire|unitario|stuck|einzel|ea)\w*|وحده/;

/** The role that a header names, with how sure: 1 for the whole header, less for a part of it. Null for a header that names none. */
export function roleOfHeader(header: string): { role: ColumnRole; weight: number } | null {
  const words = plainWords(header);
  if (words === '' || words.length > 60) return null;
  const whole = INDEX.get(words);
  if (whole) return { role: whole, weight: 1 };
  const parts = words.split(' ');
  for (let length = Math.min(4, parts.length); length > 0; length--) {
    for (let start = 0; start + length <= parts.length; start++) {
      const role = INDEX.get(parts.slice(start, start + length).join(' '));
      if (role) return { role, weight: (0.5 * length) / parts.length + 0.3 };
    }
  }
  return null;
}

/** What a cost header says it buys: `Case price` is for the case. */
export function costBasisOfHeader(header: string): CostBasis | null {
  const words = plainWords(header);
  if (UNIT_WORDS.test(words)) return 'unit';
  if (CASE_WORDS.test(words)) return 'case';
  return PACK_WORDS.test(words) ? 'pack' : null;
}

/** The currency that a header names: `Cost (USD)`, `Prix €`. */
export function currencyOfHeader(header: string): string | null {
  const code = /\b(USD|EUR|GBP|DZD|CAD|AUD|MXN|JPY|CNY|CHF|MAD|TND|EGP|NGN|KES|ZAR|AED|SAR|TRY|INR|ZWG|ZWL|PLN|SEK|NOK|DKK|ISK|CZK|HUF|RON|BRL|PKR|LKR|BDT|QAR|KWD|BHD|OMR|JOD|LYD|GHS|XOF|XAF)\b/.exec(header.toUpperCase())?.[1];
  if (code) return code;
  if (header.includes('€')) return 'EUR';
  if (header.includes('£')) return 'GBP';
  if (header.includes('US$')) return 'USD';
  return /(^|\W)DA(\W|$)|دج|د\.ج/.test(header) ? 'DZD' : null;
}
