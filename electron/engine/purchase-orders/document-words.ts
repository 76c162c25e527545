/** The fixed words of a purchase order's document. What a person wrote stands as it was written. */
import type { PurchaseOrderLanguage } from '#contract/purchase-orders.ts';
import type { HAND_CONDITIONS } from '#contract/words.ts';

type Condition = Exclude<(typeof HAND_CONDITIONS)[number], 'new'>;

export interface DocumentWords {
  readonly dir: 'ltr' | 'rtl';
  readonly title: (number: string) => string;
  readonly draft: string;
  readonly number: string;
  readonly date: string;
  readonly yourReference: string;
  readonly wantedBy: string;
  readonly to: string;
  readonly deliverTo: string;
  readonly columns: { readonly number: string; readonly code: string; readonly article: string; readonly units: string; readonly unitPrice: string; readonly amount: string };
  readonly total: string;
  readonly note: string;
  readonly condition: string;
  readonly conditions: Readonly<Record<Condition, string>>;
}

export const DOCUMENT_WORDS: Readonly<Record<PurchaseOrderLanguage, DocumentWords>> = {
  en: {
    dir: 'ltr', title: (number) => `Purchase order ${number}`, draft: 'Draft: not an order yet', number: 'Number', date: 'Date', yourReference: 'Your reference', wantedBy: 'Wanted by', to: 'To', deliverTo: 'Deliver to (buyer)',
    columns: { number: 'No.', code: 'Your code', article: 'Article', units: 'Units', unitPrice: 'Unit price', amount: 'Amount' }, total: 'Total', note: 'Terms and notes', condition: 'Condition',
    conditions: { 'open-box': 'open box', refurbished: 'refurbished', 'used-like-new': 'used, like new', 'used-very-good': 'used, very good', 'used-good': 'used, good', 'used-acceptable': 'used, acceptable', 'for-parts': 'for parts' },
  },
  fr: {
    dir: 'ltr', title: (number) => `Bon de commande ${number}`, draft: 'Brouillon : ceci n’est pas encore une commande', number: 'Numéro', date: 'Date', yourReference: 'Votre référence', wantedBy: 'Livraison souhaitée le', to: 'Fournisseur', deliverTo: 'Adresse de livraison (acheteur)',
    columns: { number: 'N°', code: 'Votre référence article', article: 'Article', units: 'Quantité', unitPrice: 'Prix unitaire', amount: 'Montant' }, total: 'Total', note: 'Conditions et remarques', condition: 'État',
    conditions: { 'open-box': 'emballage ouvert', refurbished: 'reconditionné', 'used-like-new': 'occasion, comme neuf', 'used-very-good': 'occasion, très bon état', 'used-good': 'occasion, bon état', 'used-acceptable': 'occasion, état correct', 'for-parts': 'pour pièces' },
  },
  ar: {
    dir: 'rtl', title: (number) => `أمر شراء ${number}`, draft: 'مسودة: ليست طلبية بعد', number: 'الرقم', date: 'التاريخ', yourReference: 'مرجعكم', wantedBy: 'التسليم المطلوب في', to: 'إلى', deliverTo: 'عنوان التسليم (المشتري)',
    columns: { number: 'الرقم', code: 'رمزكم', article: 'السلعة', units: 'الكمية', unitPrice: 'سعر الوحدة', amount: 'المبلغ' }, total: 'المجموع', note: 'الشروط والملاحظات', condition: 'الحالة',
    conditions: { 'open-box': 'علبة مفتوحة', refurbished: 'مجدد', 'used-like-new': 'مستعمل كالجديد', 'used-very-good': 'مستعمل بحالة جيدة جدا', 'used-good': 'مستعمل بحالة جيدة', 'used-acceptable': 'مستعمل بحالة مقبولة', 'for-parts': 'لقطع الغيار' },
  },
};
