/**
 * What words of buyers' messages stand for, across English, French and Arabic: so that a classifier with few examples meets `parcel`, `colis` and `الطرد` as one thing. Features only:
 * what a concept says about a label is learned from the labelled messages.
 */

/** Beginnings of folded words; a final `$` asks for the whole word. */
const STEMS: Readonly<Record<string, string>> = {
  send: 'ship shipp send sent$ dispatch post$ posted expedi envoi envoy شحن ارسل ترسل ارسال يبعث بعث',
  parcel: 'parcel package$ packages$ colis$ طرد الطرد كولي الكولي',
  track: 'track suivi$ suivre تتبع التتبع',
  arrive: 'arriv deliver livr recu$ recois$ receive receiv recevoir reception come$ came$ here$ وصل يصل تصل استلم تسليم التسليم توصيل التوصيل لحق',
  carrier: 'courier carrier ups$ fedex dhl usps driver transporteur livreur yalidine poste$ شركه customs douane جمارك الجمارك address adresse عنوان',
  late: 'late$ delay delai retard stuck waiting wait$ weeks semaines toujours still yet$ مازال تاخر متاخر',
  giveback: 'return retour renvoy rendre give$ ارجاع الارجاع ارجع ارجعت نرجع اعيد اعاده',
  refund: 'refund reimburs rembours cancel annul recuper استرجاع مسترد المسترد الغاء',
  exchange: 'exchang swap replac echang استبدال استبداله نبدل تبديل size$ sizes$ taille مقاس المقاس larger smaller grande fit$ fits$',
  money: 'money argent اموالي فلوسي المبلغ مبلغ',
  pay: 'pay$ paid$ paying payment pays$ paie payer paye paiement checkout دفع الدفع دفعت ندفع نخلص خلصت instal install card$ cards$ carte بطاق البطاق paypal ecocash edahabia ccp$ baridimob cash$ bank banque',
  charge: 'charge charged billed bill$ billing debit preleve خصم invoice facture receipt recu$ فاتوره وصل$ vat$ tva$ amount montant currency devise coupon discount promo code$ voucher تخفيض التخفيض',
  broken: 'broke broken cass smash crack damag abim defect defectu defaut stopped dead$ faulty scratch ray fonctionne marche allume work$ works$ working مكسور كسر تضرر معطل يشتغل يعمل خسار توقف',
  bad: 'terrible awful bad$ worst poor horrible disappoint decu nul$ nulle mauvais catastroph sale$ dirty smell sent$ waste perte unhappy fake contrefacon counterfeit misleading rude سيئ سيء سيءه سيئه مستاء مقلد خاب رديء',
  missing: 'missing manque incomplet incomplete wrong$ mauvaise different pas$ not$ conforme photo picture described description ليس تنقص ناقص غلط',
  quality: 'quality qualit جوده الجوده packag emballage التغليف تغليف service$ خدمه',
  spec: 'compatible dimension batter warranty garantie material matiere colour color couleur bleu blue$ version original origine new$ used$ neuf occasion piece pieces screen ecran charg photos صور لون ابعاد الابعاد ضمان الضمان مصنوع جديد مستعمل اصلي شاحن الشاحن الشاشه قطعه stock$ disponib availab متوفر weight poids',
  thanks: 'thank thanks merci شكر شكرا great$ excellent perfect parfait ممتاز بارك star$ stars$ etoiles نجوم feedback happy$ bonne$ bon$ weekend year$ annee عام مباركه',
  business: 'partner partenariat seo wholesale reseller revendeur supplier supply catalogue hiring recrut job$ jobs$ opening hours horaires boutique services$ marketing شراكه وظاي موزع اوقات list$ unsubscribe remove desinscri number$ numero$',
  when: 'when quand متي how$ combien long$ كم',
  where: 'where ou$ اين وين',
  ask: 'do$ does$ is$ can$ could$ est$ avez$ هل واش ممكن ?',
};

const BY_LENGTH: { stem: string; whole: boolean; concept: string }[] = Object.entries(STEMS).flatMap(([concept, list]) =>
  list.split(/\s+/).map((stem) => ({ stem: stem.replace(/\$$/, ''), whole: stem.endsWith('$'), concept })),
);

const BY_START = Map.groupBy(BY_LENGTH, ({ stem }) => stem[0] ?? '');
const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 20_000;

function conceptsOf(word: string): readonly string[] {
  const cached = known.get(word);
  if (cached) return cached;
  const stripped = /^(?:ال|وال|بال|لل|و|ب)/.test(word) ? word.replace(/^(?:وال|بال|ال|لل|و|ب)/, '') : word;
  const found = new Set<string>();
  for (const form of new Set([word, stripped])) {
    for (const { stem, whole, concept } of BY_START.get(form[0] ?? '') ?? []) if (whole ? form === stem : form.startsWith(stem)) found.add(concept);
  }
  const list = [...found];
  if (known.size < MOST_KNOWN) known.set(word, list);
  return list;
}

/** The concepts of a message and their pairs, as feature names, each once. */
export function conceptFeatures(words: readonly string[]): string[] {
  const concepts = [...new Set(words.flatMap(conceptsOf))].sort();
  const features = concepts.map((concept) => `#${concept}`);
  for (let i = 0; i < concepts.length; i++) for (let j = i + 1; j < concepts.length; j++) features.push(`#${concepts[i]}&${concepts[j]}`);
  return features;
}
