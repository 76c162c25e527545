/** What the words of a line say that its amount is, in English, French and Arabic, with the commonest of German and Spanish. Over folded text (`foldText`). */

/** `ignored`: an amount that is part of no sum: what was handed over, change, points, savings that are told again, tax bases. */
export type Label = 'subtotal' | 'shipping' | 'tax' | 'tax-included' | 'fees' | 'discount' | 'total' | 'ignored';

export interface LabelMatch {
  readonly label: Label;
  /** Among totals, the higher is what was really paid: an amount due before a plain total. */
  readonly rank: number;
  /** More words follow than such a label usually has: it may be the name of a thing that was bought (`Shipping Simulator 2`). */
  readonly weak: boolean;
}

/** What may stand beside `total` without making it something else. */
const BESIDE_TOTAL = '(?:amount|price|paid|due|cost|order|to pay|payable|charged|billed|general|net|in|of|for|this|your|my|the|with|eur|usd|gbp|dzd|cad|da|dinars?|euros?|incl(?:uding|\\.)?|inc|all|tax(?:es)?|vat|gst|ttc|tvac|a|regler|payer|paye|de|la|votre|commande|facture|achat|items?|articles?|produits?|toutes?|compris(?:es)?|summe|gesamt|brutto|compra|pedido|iva|incluido)';

const RULES: readonly (readonly [RegExp, Label, number])[] = [
  // amounts that say again, or that were handed over
  [/^(?:you(?:'ve)? saved|total savings?|savings?|vous (?:avez )?economise[zs]?|economies? (?:realisee|totale)s?|vous economisez|loyalty|points?|fidelite|cagnotte|balance remaining|gift card balance|solde|rrp|was|list price|reg(?:ular)? price|original price|prix conseille|prix barre|ancien prix)(?!\p{L})/u, 'ignored', 0],
  [/^(?:taxable|tva base|base (?:ht|tva|imposable)|montant ht par taux|net amount by rate|vat summary|tax summary)(?!\p{L})/u, 'ignored', 0],
  // tax that is part of the prices
  [/^(?:(?:incl(?:uding|udes|\.)?|inc|of which|thereof|contains|dont|y compris|inclus)\s+(?:(?:\w+ )?(?:sales )?tax(?:es)?|vat|gst|tva|mwst)|tva (?:incluse|comprise|incl)|(?:vat|gst|tax) (?:incl(?:uded|\.)?|inc)|enthaltene mwst|iva incluido)(?!\p{L})/u, 'tax-included', 0],
  // before taxes: so that `total tva` is no total
  [/^(?:[a-z]{1,2} ){0,2}(?:total |montant |amount )?(?:(?:estimated |state |sales |local |import |total )*tax(?:es)?(?: collected| amount| total)?(?: to be collected)?|vat(?: amount| total)?|gst|hst|pst|qst|tps|tvq|tva|t\.v\.a\.?|mwst|ust|iva|taxe de vente)(?!\p{L})/u, 'tax', 0],
  [/^(?:ضريبه القيمه المضافه|الضريبه|ضريبه|مبلغ الضريبه)(?!\p{L})/u, 'tax', 0],
  [/^(?:sub[ -]?total|sous[ -]?total|items? (?:sub)?total|item\(s\)(?: sub)?total|merchandise(?: sub)?total|goods(?: total)?|products? total|total (?:des )?(?:produits|articles|marchandises)|total (?:h\.?t\.?(?!\p{L})|hors taxes?)|montant h\.?t|net total|total (?:before|excl?(?:uding)?\.?|ex) (?:tax|vat|gst)|hammer total|total adjuge|zwischensumme|المجموع الفرعي|مجموع المنتجات|مجموع فرعي)(?!\p{L})/u, 'subtotal', 0],
  [/^(?:(?:total |standard |express |home |estimated )*(?:shipping|delivery|postage|freight|carriage|p ?& ?p)|livraison|frais (?:de )?(?:port|livraison|d'envoi|expedition|transport)|frais d'expedition|port(?: et emballage)?(?=\s*$)|envoi|expedition|transport|versand(?:kosten)?|gastos de envio|envio|الشحن|مصاريف الشحن|رسوم الشحن|تكلفه الشحن|التوصيل|رسوم التوصيل|سعر التوصيل)(?!\p{L})/u, 'shipping', 0],
  [/^(?:handling|service (?:fee|charge)|processing fee|booking fee|buyer'?s? (?:premium|protection(?: fee)?)|frais de (?:service|dossier|gestion|protection)|protection acheteurs?|eco[ -]?(?:part(?:icipation)?|taxe|contribution)|droits? de timbre|timbre(?: fiscal)?|stamp duty|import (?:charges|duties)|customs(?: duty)?|douane|deposit|consigne|recycling fee|bag (?:fee|charge)|gift wrap(?:ping)?|tip|pourboire|رسوم الخدمه|رسوم|الطابع)(?!\p{L})/u, 'fees', 0],
  [/^(?:(?:total |order |member |staff |instant |store |shop |seller |platform |coupon )*discounts?|remises?|total remises?|reductions?|rabais|ristourne|promo(?:tion)?s?|code promo|bon (?:d'achat|de reduction)|avoir|coupons?|vouchers?|promo(?:tional)? code|promotion applied|gift card(?: applied)?|markdown|rabatt|gutschein|descuento|خصم|الخصم|تخفيض|قسيمه)(?!\p{L})/u, 'discount', 0],
  // the total, by how surely it is what was paid
  [/^(?:amount due|balance due|total due|net a payer|reste a payer|montant (?:a payer|du|ttc)|total (?:ttc|a payer|a regler|general|paye)|grand total|order total|total (?:paid|charged|to pay)|total amount (?:due|paid|payable)|amount (?:paid|charged|payable)|you paid|payment total|total de (?:la|votre) commande|montant (?:total|paye|regle)|somme a payer|zu zahlen|gesamtbetrag|gesamtsumme|total a pagar|importe total|الاجمالي المستحق|المبلغ المستحق|المبلغ المدفوع|المبلغ الاجمالي|الاجمالي الكلي|المجموع الكلي|اجمالي الطلب|صافي الدفع)(?!\p{L})/u, 'total', 3],
  [/^(?:(?:cash|change|due|given|tendered|amount|especes|rendu|monnaie|recu|cheque|cb|carte|bancaire|bleue|card|credit|debit|visa|mastercard|master|maestro|amex|american|express|paypal|apple|google|pay|edahabia|cib|klarna|contactless|sans contact|eftpos|payment|paiement|mode|method|by|with|via|avec|par|en|regle|paye|paid|charged|to|sale|ending|in|finissant|bar|ec-karte|gegeben|ruckgeld|efectivo|tarjeta|cambio|نقدا|الباقي|بطاقه|المدفوع|الدفع|طريقه|·+)\s*)+$/u, 'ignored', 0],
  [new RegExp(`^(?:order |invoice |purchase |final |invoice |sale )?total(?:\\s+${BESIDE_TOTAL})*\\s*$`), 'total', 2],
  [/^(?:الاجمالي|المجموع|اجمالي|المبلغ|summe|gesamt|importe|montant|amount|a payer|to pay|net)\s*$/, 'total', 1],
];

/** The words of a line without amounts, codes of currencies, rates, brackets and what separates them. */
export function wordsOf(folded: string): string {
  return folded
    .replace(/\([^)]*\)/g, ' ')
    .replace(/^\W*\d+ (?:items?|articles?)\s+(?=total)/, '')
    .replace(/\bt\.v\.a\.?/g, 'tva').replace(/\bt\.t\.c\.?/g, 'ttc').replace(/\bh\.t\.?(?=\W|$)/g, 'ht')
    .replace(/(?<!\p{L})[a-z]{1,3}(?=\d)/gu, ' ')
    .replace(/[-−]?\d[\d\s.,'’]*\s*%?/g, ' ')
    .replace(/[€$£¥]|د\.ج|دج|\b(?:eur|usd|gbp|dzd|cad|aud|zar|mad|tnd|aed|sar|chf|inr|ngn|kes)\b/g, ' ')
    .replace(/[:=*•·|_#%+]|\.{2,}|[-–—]+(?=\s|$)|(?:^|\s)[-–—]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '')
    .trim();
}

/** What follows such labels: ways of sending, rates, places of a tax. */
const USUAL = /^(?:\s|&|\+|,|\/|'|\.|-|(?:and|et|the|of|de|du|des|la|le|les|d|l|a|au|en|for|to|by|par|via|with|fee|fees|cost|costs|charge|charges|cout|frais|handling|standard|economy|express|priority|expedited|tracked|signed|first|class|ground|mail|post|postal|royal|usps|ups|dhl|fedex|evri|hermes|dpd|gls|ems|yalidine|zr|colissimo|chronopost|mondial|relay|relais|point|colis|lettre|suivie|domicile|home|bureau|retrait|poste|service|services|buyer|acheteurs?|protection|premium|estimated|collected|amount|total|rate|taux|due|sales|state|local|city|county|normale?|reduite?|code|ht|ttc|sur|on|at|standard|free|gratuite?|offerte?|applied|coupon|voucher|promo|promotional|promotion|member|loyalty|fidelite|welcome|bienvenue|off|remise|fiscal|stamp|incl|inclus|included|excl|emballage|intl|international)(?![\p{L}]))*$/u;
const MAY_BE_WEAK: ReadonlySet<Label> = new Set(['shipping', 'tax', 'fees', 'discount']);

/** What the line's amount is, by the words at its beginning; null for anything else, such as a thing that was bought. */
export function labelOf(folded: string): LabelMatch | null {
  const words = wordsOf(folded);
  if (words === '' || words.length > 60) return null;
  for (const [pattern, label, rank] of RULES) {
    const found = pattern.exec(words);
    if (found) return { label, rank, weak: MAY_BE_WEAK.has(label) && !USUAL.test(words.slice(found[0].length)) };
  }
  return null;
}

/** The bracket or the tail says that this tax is part of the prices. */
export const saysIncluded = (folded: string): boolean => /\b(?:incl(?:uded|uding|use|us|\.)?|inc|comprise|dont)\b/.test(folded) && !/\bexcl/.test(folded);

/** Nothing is asked for it. */
export const saysFree = (folded: string): boolean => /\b(?:free|gratuite?|offerte?|gratis|kostenlos)\b|مجاني/.test(folded);

/** A line of headings over columns. */
const HEADING = /^(?:(?:item|items|description|product|produit|produits|article|articles|designation|libelle|qty|qte|quantity|quantite|unit|price|prix|unitaire|p\.?u\.?|pu|ht|ttc|amount|montant|total|tva|vat|tax|sku|ref|reference|code|each|value|line|rate|no|n|المنتج|الصنف|الكميه|السعر|المجموع|البيان|الوحده|الاجمالي)(?:[\s/|.:°#]+|$)){2,}$/;
export function isHeading(folded: string): boolean {
  const words = folded.trim();
  return HEADING.test(words.replace(/\s+/g, ' ')) && (/\t| {2,}/.test(words) || words.split(/\s+/).length > 2);
}

/** Lines with figures that are no goods: addresses, telephone numbers, registers, times, thanks. */
const NO_GOODS = /^(?:siret|siren|rcs|nif|nis|rc|ape|vat (?:no|reg|number|id)|tva (?:intra|n)|n[°o]? ?tva|tax id|ein|abn|company no|caissier|cashier|served by|tid|mid|aid|www|http|e-?mail|iban|bic|rib|merci|thank|ship(?:ping)? to|bill(?:ing)? to|estimated delivery|شكرا)(?!\p{L})/u;
/** Words that goods are called by too: no goods only where a figure, a colon or the word for a number follows. */
const NO_GOODS_WITH_FIGURE = /^(?:tel|telephone|phone|fax|mob(?:ile)?|gsm|reg(?:istered)?|server|auth(?: code)?|approval|batch|trace|horaires|customer|client|adresse|address|tracking|suivi|arriv\w*|ordered|placed|هاتف|(?:ال)?رقم|(?:ال|ب)?تاريخ|(?:ال)?فاتوره|وصل|ايصال|(?:ال)?طلب(?:يه)?|العنوان|caisse|till|terminal|table|store|shop|magasin|branch|visit|open|returns?|retour|garantie|warranty|order|commande|invoice|facture|date|heure|time|receipt|recu|ticket|transaction|page|expected|reg|bon|achat du|le)\s*(?:[:#°]|n[°ob]|n\s*[:°]|number|رقم|id\b|\d)/u;
const bare = (folded: string): string => folded.replace(/^[^\p{L}\d]+/u, '');
export const isNoGoods = (folded: string): boolean => NO_GOODS.test(bare(folded)) || NO_GOODS_WITH_FIGURE.test(bare(folded));
