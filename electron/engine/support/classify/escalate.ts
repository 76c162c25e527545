/**
 * Signals that a message must go to a person, whatever the classifier thinks: legal threats, danger, chargebacks, anger, press, personal data, and the plain wish for a human.
 * Rules and no learning: each hit shows the words that made it. They lean towards too many, since a person loses a minute by it and a customer much more.
 */
import { foldText } from '#kernel/fold-text.ts';

export type EscalationSignal = 'legal' | 'safety' | 'chargeback' | 'anger' | 'press' | 'privacy' | 'human-asked';

export interface EscalationHit {
  readonly signal: EscalationSignal;
  /** The words of the (folded) message. */
  readonly matched: string;
}

export interface Escalation {
  readonly escalate: boolean;
  readonly hits: readonly EscalationHit[];
}

/** Alternatives between word borders, over folded text (lower case, no accents, Arabic letters made one). Arabic ones may carry the prefixes و ف ب ل ك ال. */
const LATIN: Readonly<Record<EscalationSignal, readonly string[]>> = {
  legal: [
    'lawyers?', 'attorneys?', 'solicitors?', 'barrister', 'lawsuit', 'sue (?:you|them|your|the|this|over)', 'suing', 'counsel', '(?:take|taking|bring|bringing) (?:this|it|you|the matter) (?:to|before) (?:a |the )?(?:court|judge|tribunal)', 'legal (?:action|advice|proceedings|team|rights|notice|counsel)', 'small claims', '(?:take|see) (?:you|u) (?:to|in) court', 'court (?:order|case|action)', 'going to court', 'consumer (?:protection|rights|court|council|affairs)', 'trading standards', 'attorney general', 'ombudsman', 'better business bureau', 'bbb complaint', 'report (?:you|this|it) to (?:the )?(?:police|authorities|ftc)', '(?:call|calling|called|went to|contact|contacting) the police', 'police report', 'cease and desist', 'trademark infring\\w*', 'copyright infring\\w*', 'counterfeit', 'breach of contract', 'class action',
    'conciliateur', '60 millions de consommateurs', 'que choisir', 'signal ?conso', 'avocats?', 'tribunal', 'justice', 'plainte (?:a la police|au commissariat|a la gendarmerie|contre vous)', '(?:porter|porte|porterai|depose|deposer|deposerai|deposons) plainte', 'poursuites?(?: judiciaires?)?', 'poursuivre en justice', 'mise en demeure', 'huissier', 'action en justice', 'dgccrf', 'association de consommateurs', 'repression des fraudes', 'direction du commerce', 'contrefacon', 'commissariat', 'gendarmerie', 'la police', 'mediateur',
  ],
  safety: [
    '(?:caught|catch|catches|catching|on) fire', 'fire hazard', '(?:in|caught|burst into) flames', '(?:blew|blown|blow|blows) up', '(?:got|was|were|been) hurt', 'hurt (?:my|his|her|him|me|himself|herself|myself)', '(?:a|me a) shock', 'cut (?:myself|himself|herself)', 'smok(?:e|ing|ed) (?:came|coming|from|out|when|and)', 'started (?:to smoke|smoking)', 'sparks?', 'sparking', 'explod\\w+', 'explosion', 'burn(?:t|ed|s|ing)? (?:my|his|her|me|our|the)', 'burns? on', 'got (?:a )?burn\\w*', 'overheat\\w*', 'melt(?:ed|ing)', 'electric(?:al)? shock', 'electrocuted', 'shocked (?:me|him|her|my)', 'injur\\w+', 'hospital', 'emergency room', 'bleeding', 'allergic (?:reaction|shock)', 'allergy', 'rash', 'chok(?:e|ed|ing)', 'poison\\w*', 'food poisoning', 'made me (?:sick|ill)', 'toxic', 'gas leak', 'unsafe', 'dangerous', 'hazard(?:ous)?', 'swollen battery', 'battery (?:is )?(?:swollen|swelling|leaking|bulging)', 'sharp (?:piece|edge)s? cut', 'cut (?:my|his|her) \\w+', 'product recall', 'recalled',
    '(?:me suis|s.est) coupee?', 'incendie', 'pris feu', 'prend feu', '(?:a|qui) fume', 'fumee', 'etincelles?', 'explose\\w*', 'brul(?:e|er|ee|ure|ures|ant)s?', 'electrocut\\w+', '(?:decharge|choc) electrique', 'bless(?:e|ee|es|ure|ures)', 'hopital', 'urgences', 'allergi(?:e|es|que)', 'intoxication', 'intoxique\\w*', 'empoisonn\\w+', 'danger(?:eux|euse)?', 'surchauffe\\w*', 'fondu', 'batterie (?:gonflee|qui gonfle)', 'etouffe\\w*', 'toxique', 'rappel (?:de |du )?produit',
  ],
  chargeback: [
    'charge[ -]?backs?', 'charge it back', 'dispute (?:the|this|my|a|with|on)', 'disput(?:ing|ed)', 'open(?:ed|ing)? (?:a |an )?(?:dispute|case|claim)', 'file(?:d)? (?:a |an )?(?:dispute|claim|case)', '(?:paypal|ebay|a to z|a-to-z|amazon|bank) (?:claim|case|dispute)', 'reverse (?:the|this|my) (?:charge|payment|transaction)', '(?:contact|call|tell|ask|contacting|called|calling|asked) (?:my |the )?(?:bank|card company|credit card company|card issuer)', 'my bank (?:will|to|has)', 'stop (?:the )?payment', 'unauthori[sz]ed (?:charge|payment|transaction)', 'fraud(?:ulent)? (?:charge|payment|transaction)', 'section 75',
    'opposition', 'contest(?:er|e|ation) (?:le |la |ce |du |de |mon )?(?:paiement|prelevement|debit|transaction|achat)', '(?:ouvrir|ouvert|ouvre) (?:un |une )?(?:litige|reclamation|dossier)', 'litige', 'retrofacturation', 'ma banque', 'annuler (?:le )?paiement (?:aupres|par)', 'rejet de prelevement',
  ],
  anger: [
    'scam(?:mer|mers|med|s)?', 'fraud(?:ster|sters)?', 'thie(?:f|ves)', 'crooks?', 'theft', 'con artists?', 'conmen', 'swindl\\w+', 'cheat(?:ed|ers?|ing)?', 'dishonest', 'stole(?:n)? my money', 'rip ?off', 'ripped (?:me )?off', 'liars?', 'you lied', 'disgust(?:ed|ing)', 'disgrace(?:ful)?', 'furious', 'livid', 'outrage(?:d|ous)', 'unacceptable', 'ridiculous', 'pathetic', 'worst (?:\\w+ )?(?:ever|seller|service|company|experience|shop|store)', 'absolute(?:ly)? (?:joke|garbage|terrible|awful|shocking)', 'never (?:buy|buying|order|ordering|shop|shopping)(?: \\w+){0,3} again', 'fed up', 'sick (?:and tired )?of', 'had enough', 'last (?:warning|chance)', 'final warning', '(?:third|fourth|fifth|3rd|4th|5th|tenth) time', 'wtf', 'bullshit', 'f+u+c+k\\w*', 'sh[i1]t\\w*', 'idiots?', 'incompetent', 'how dare you', 'shame on you', 'a joke of',
    'arnaque\\w*', 'escro(?:c|cs|querie|queries)', 'voleurs?', 'menteurs?', 'honteux', 'une honte', 'scandaleux', 'inadmissible', 'inacceptable', 'furieu(?:x|se)', 'en colere', 'ras le bol', "j'en ai (?:marre|assez)", "y'?en a marre", 'marre', 'du vol', 'vous (?:vous )?(?:foutez|moquez)', 'se moque(?:r|nt)? d\\w*', 'foutage', 'pire (?:vendeur|service|experience|site|boutique)', 'plus jamais', 'incompetents?', 'merde', 'putain', 'degoute\\w*', 'lamentable', 'dernier avertissement',
  ],
  press: [
    'journalists?', 'reporters?', 'newspapers?', 'the press', '(?:go|going|talk|talking|write|writing) to the papers', '(?:post|write|tweet)\\w* (?:about|of) (?:you|this|it)', '(?:on|to) (?:tiktok|reddit|youtube|twitter)', 'press (?:inquiry|enquiry|office|request)', 'news (?:channel|station|outlet|crew)', '(?:tv|television) (?:station|channel|show|crew)', 'the media', 'media (?:inquiry|enquiry|request)', '(?:go|going|went|make (?:this|it)) (?:viral|public)', 'expose you', '(?:post|posting|share|sharing) (?:this |it |that )?(?:\\w+ )?(?:on|all over) (?:social media|twitter|facebook|tiktok|instagram|youtube|reddit)', 'bloggers?', 'influencer', 'interview', 'article about', 'watchdog',
    'journalistes?', 'la presse', 'les journaux', 'medias?', 'reportage', '(?:chaine|emission) (?:de )?(?:tele|television|tv)', 'reseaux sociaux', 'rendre public', 'publier (?:sur|partout)',
  ],
  privacy: [
    'gdpr', 'ccpa', '(?:delete|erase|remove) (?:all )?(?:of )?my (?:personal )?(?:data|information|account|details)', '(?:delete|erase|remove) (?:everything|anything|whatever) (?:you|about me|on me)', 'data (?:breach|protection|subject|request)', 'right to be forgotten', 'my (?:personal )?(?:data|details|information) (?:was|were|has been|have been|got) (?:leaked|shared|sold|stolen)', 'identity theft', 'sold my (?:data|details|number)', 'copy of my (?:personal )?data',
    'rgpd', 'cnil', 'donnees personnelles', '(?:supprimer|effacer|supprimez|effacez) (?:toutes )?(?:mes|mon) (?:donnees|compte|informations)', "droit a l'oubli", "usurpation d'identite",
  ],
  'human-asked': [
    '(?:speak|talk|chat) (?:to|with) (?:a |an |your |the |some)?(?:real |actual |human |live )?(?:human|person|someone|agent|manager|supervisor|representative|owner|boss|people)', 'real (?:person|human)', '(?:speak|talk) (?:to|with) somebody', '(?:get|give|put) me (?:a|the|your|through to) \\w+', 'human (?:please|being|agent)', 'not a (?:bot|robot|machine)', 'are you (?:a )?(?:bot|robot|ai)', 'stop (?:the )?(?:bot|automated|automatic)', 'your (?:manager|supervisor|boss)', '(?:call|phone|ring) me', 'escalate',
    "parler (?:a|avec) (?:un |une |quelqu'un|votre |le |la )?(?:humain|personne|conseiller|conseillere|responsable|vrai|quelqu'un|patron|directeur)?", 'un (?:vrai )?humain', 'une vraie personne', 'votre (?:responsable|superieur|patron|directeur)', '(?:appelez|rappelez)[ -]moi', 'un robot',
  ],
};

const ARABIC: Readonly<Record<EscalationSignal, readonly string[]>> = {
  legal: ['[ن]?شكي\\w* (?:بيكم|بكم|عليكم)', 'محامي\\w*', 'محكمه', 'محاكم', 'قضيه', 'دعوي', 'ارفع قضيه', 'القضاء', 'العداله', 'قانوني\\w*', 'شكوي (?:رسميه|للشرطه|ضدكم|ضدك)', 'الشرطه', 'شرطه', 'الدرك', 'حمايه المستهلك', 'نشتكي', 'اشتكي (?:بكم|عليكم|بك|عليك)', 'ساقاضيكم', 'مقاضاه', 'مقاضاتكم', 'نتابعكم قضائيا', 'مقلد\\w*', 'تقليد'],
  safety: ['ضرب(?:ني|ته|تني|ها) (?:ال)?(?:كهربا\\w*|تيار|ضو)', 'حريق', 'احترق\\w*', 'تحرق', 'حرق\\w*', 'نار', 'شراره', 'شرارات', 'دخان', 'انفجر\\w*', 'انفجار', 'صدمه كهرباييه', 'صعق\\w*', 'كهربني', 'تكهرب\\w*', 'مستشفي', 'طواري', 'اصيب\\w*', 'اصابه', 'جرح\\w*', 'انجرح\\w*', 'حساسيه', 'تسمم', 'خطير\\w*', 'خطر', 'سام\\b', 'سامه', 'انتفخت', 'اختنق\\w*', 'حروق'],
  chargeback: ['استرجاع المبلغ من البنك', 'البنك', 'بنكي', 'نزاع', 'فتح نزاع', 'اعترض\\w* علي الدفع', 'الغاء العمليه البنكيه', 'اعتراض بنكي'],
  anger: ['نصاب\\w*', 'نصب', 'احتيال', 'محتال\\w*', 'سراق\\w*', 'سرقه', 'سرقتوني', 'سرقتم', 'حرامي\\w*', 'لصوص', 'كذاب\\w*', 'كذبتم', 'غاضب\\w*', 'غضبان\\w*', 'زعفان\\w*', 'زعلان\\w*', 'عيب عليكم', 'عار', 'فضيحه', 'مهزله', 'غير مقبول', 'اسوا', 'مستحيل نعاود', 'لن اشتري', 'لن اتعامل', 'طفح الكيل', 'حسبي الله', 'الله ياخذ\\w*', 'حشومه', 'مللت', 'كرهت', 'زفت'],
  press: ['صحافه', 'صحفي\\w*', 'جريده', 'جرايد', 'اعلام', 'وسايل الاعلام', 'قناه', 'تلفزيون', 'نفضحكم', 'سافضحكم', 'انشر\\w* (?:في|علي)', 'سانشر', 'مواقع التواصل', 'فيسبوك', 'تيك توك'],
  privacy: ['بياناتي', 'معلوماتي الشخصيه', 'البيانات الشخصيه', 'حذف حسابي', 'احذفوا حسابي', 'تسريب', 'انتحال'],
  'human-asked': ['شخص حقيقي', 'انسان حقيقي', 'اتكلم مع (?:شخص|مسوول|المسوول|المدير|موظف|انسان|احد)', 'التحدث (?:مع|الي) (?:شخص|مسوول|المسوول|المدير|موظف|انسان)', 'نهدر مع (?:المسوول|واحد|المدير|انسان)', 'المدير', 'المسوول', 'اتصلوا بي', 'اتصل بي', 'روبوت'],
};

const SIGNALS = Object.keys(LATIN) as EscalationSignal[];

const RULES = SIGNALS.map((signal) => ({
  signal,
  latin: new RegExp(`(?<![a-z0-9])(?:${LATIN[signal].join('|')})(?![a-z0-9])`, 'g'),
  arabic: new RegExp(`(?<![\\u0620-\\u064a])[وفبلك]{0,2}(?:ال)?(?:${ARABIC[signal].map((p) => p.replaceAll('\\w*', '[\\u0620-\\u064a]*').replaceAll('\\b', '')).join('|')})(?![\\u0620-\\u064a])`, 'g'),
}));

/** Words that hit a rule and mean nothing of the kind. */
const HARMLESS = /(?:fire ?stick|fire (?:tv|hd|tablet|pit)|kindle fire|smoke detector|smoke alarm|spark plugs?|chevrolet spark|melted cheese|justice league|interview with|police (?:costume|figure|lego|toy|set)|lego \w+ hospital|burning man|no danger|not dangerous|no rush|press (?:the|any|and hold) |الدفع بالبنك|بدون خطر)/g;

/** Letters held down (`SCAAAAAM`) become two at most. */
const squeeze = (text: string) => text.replace(/(\p{L})\1{2,}/gu, '$1');

function isShouting(text: string): boolean {
  const letters = text.match(/[A-Za-zÀ-ÿ]/g) ?? [];
  const capitals = text.match(/[A-ZÀ-Þ]/g) ?? [];
  return letters.length >= 24 && capitals.length / letters.length > 0.8 && text.split(/\s+/).length >= 5;
}

/** Every signal that the message gives, once each with its first match. Any hit means a person. */
export function findEscalation(text: string): Escalation {
  const bounded = text.slice(0, 8_000);
  const folded = squeeze(foldText(bounded)).replace(/ئ/g, 'ي').replace(/ؤ/g, 'و').replace(/\s+/g, ' ').replace(HARMLESS, ' ');
  const hits: EscalationHit[] = [];
  for (const { signal, latin, arabic } of RULES) {
    const found = folded.match(latin)?.[0] ?? folded.match(arabic)?.[0];
    if (found !== undefined) hits.push({ signal, matched: found });
  }
  if (!hits.some((hit) => hit.signal === 'anger')) {
    if (isShouting(bounded)) hits.push({ signal: 'anger', matched: 'capitals throughout' });
    else if (/[!?؟]{4,}/.test(bounded.replace(/\s/g, ''))) hits.push({ signal: 'anger', matched: 'repeated exclamation marks' });
  }
  return { escalate: hits.length > 0, hits };
}
