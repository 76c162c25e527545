/**
 * What the words around an amount say of it: that it is no price (a saving, the postage, a rate by the month, a part of the price), or a former one.
 * Whole words right beside the amount only, in the languages of the shops that are read; a word elsewhere in the text says nothing of it.
 */

/** Nothing but the amount's own mark, a colon and little words may stand between the word and the amount. */
const BEFORE_END = String.raw`[\s:=(]*(?:up to|over|above|on orders over|jusqu'à|bis zu|hasta|de|of|:)?[\s:]*$`;
const WORD = (words: string) => String.raw`(?<![\p{L}\d])(?:${words})`;

const SAVING_BEFORE = 'save|you save|saving|savings|discount|économisez|economisez|économie|remise|réduction|sie sparen|sparen|ersparnis|rabatt|ahorra|ahorras|descuento|risparmi|sconto|oszczędzasz|rabat|sleva|ušetříte|скидка|экономия|выгода|خصم|وفر|توفير|earn|cashback|cash back|trade[- ]in|voucher|coupon|gutschein|credit|about|approx\\.?|approximately|circa|ca\\.|environ|etwa|около|حوالي';
const CARRIAGE_BEFORE = String.raw`(?<!free )(?<!kostenloser )(?:shipping|postage|delivery|p&p|livraison|frais de port|versand|versandkosten|envío|envio|spedizione|dostawa|doručení|доставка|توصيل|الشحن)|zzgl\.?|free (?:shipping|delivery) (?:over|on|from|above|for)(?: orders)?(?: over| above| of)?|livraison (?:gratuite|offerte) (?:dès|à partir de)|versandkostenfrei ab|kostenloser versand ab`;
const PART_BEFORE = String.raw`dont|davon|(?:en|in|em até|hasta) \d{1,2} (?:fois|mal|raten|mensualités|rate|vezes|cuotas|meses)|\d{1,2} ?x de|deposit|acompte|anzahlung`;
const NO_PRICE_BEFORE = new RegExp(WORD(`${SAVING_BEFORE}|${CARRIAGE_BEFORE}|${PART_BEFORE}`) + String.raw`(?!\p{L})` + BEFORE_END, 'iu');

const FREE_AFTER = String.raw`(?!\s*(?:free|is free|incl|included|gratuit|gratuite|offerte|comprise?|kostenlos|frei|gratis|inkl|incluido))`;
const CARRIAGE_AFTER = `(?:shipping|postage|delivery|p&p|s&h|(?:de )?livraison|de frais de port|versand|versandkosten|de envío|envío|spedizione|pfand|deposit)${FREE_AFTER}`;
const SAVING_AFTER = "off|discount|saved|savings|de réduction|de remise|d'économie|rabatt|gespart|ersparnis|de descuento|di sconto|sleva|rabatu|скидка|скидки|خصم|back|cash ?back|(?:store |shop )?credit|voucher|gift ?card|gutschein|coupon|bonus|reward|rewards|bon d'achat";
const TIME_AFTER = String.raw`(?:\/|per |a |par |pro |por |al |im |each )\s*(?:mo|mth|month|mois|monat|mes|mês|mese|week|wk|woche|semaine|semana|day|tag|jour|día|year|yr|an|jahr|año)|monthly|mtl|monatlich|mensuel|p\.?m\.?|в месяц|شهريا`;
const NO_PRICE_AFTER = new RegExp(String.raw`^[\s)*]*(?:${CARRIAGE_AFTER}|${SAVING_AFTER}|${TIME_AFTER})(?![\p{L}\d])`, 'iu');

const FORMER_BEFORE = new RegExp(WORD(String.raw`was|were|rrp|m\.?r\.?p\.?|r\.r\.p\.?|msrp|list|list price|reg|regular|regular price|originally|original price|old price|instead of|statt|uvp|früher|vorher|au lieu de|ancien prix|prix barré|antes|precio anterior|invece di|prima|przed|před slevou|původně|было|старая цена|بدلا من|قبل`) + String.raw`[\s:.]*$`, 'iu');

/** A saving, the carriage, a rate for a time or a part of the price stands at `start` to `end`, its currency marks included. */
export function isNoPrice(text: string, start: number, end: number): boolean {
  return NO_PRICE_AFTER.test(text.slice(end, end + 28)) || (start > 2 && NO_PRICE_BEFORE.test(text.slice(Math.max(0, start - 48), start)));
}

/** What was asked once: `was $20`, `statt 49,99 €`. Still the price where there is no other. */
export function isFormer(text: string, start: number): boolean {
  return start > 2 && FORMER_BEFORE.test(text.slice(Math.max(0, start - 24), start));
}

/** `(1 l = 4,98 €)`: what a measure of it costs. */
export function isPriceOfMeasure(text: string, start: number): boolean {
  return /\d\s*\p{L}{1,6}\.?\s*=\s*$/u.test(text.slice(Math.max(0, start - 16), start));
}

const LABEL = new RegExp(WORD(String.raw`sku|model|modell|modèle|item|artikel|article|art|nr|no|n°|ref|réf|référence|part|code|mpn|ean|upc|isbn|asin|id|lot|tel|tél|phone|mobile|call|fax|whatsapp|qty|quantity|quantité|menge|stock|in stock|auf lager|en stock|size|taille|year|année|page|rank|rang|position|vol|volume|season|episode|version|level|chapter|copyright|©|هاتف|الهاتف|رقم|тел|арт|код`) + String.raw`[\s.:#№-]*(?:no|nr|number)?[\s.:#№-]*$`, 'iu');

/** A number without a currency that a label names: an article's number, a telephone, a count. */
export function isLabelled(text: string, start: number): boolean {
  return start > 1 && LABEL.test(text.slice(Math.max(0, start - 24), start));
}
