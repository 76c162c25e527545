/** Words that tell what a message wants, over folded text in English, French, Arabic, Darija and Shona. */

/** Any of these, as words of their own. */
export const phrase = (...alternatives: readonly string[]) => new RegExp(`(?<![\\p{L}\\d])(?:${alternatives.join('|')})(?![\\p{L}\\d])`, 'u');

export const OPT_OUT = phrase(
  // the words that carriers take, as a whole message
  "(?<=^(?:please |pls |svp )?)(?:stop|stop ?all|end|cancel|quit|revoke|opt ?out|arret|arreter|arretez|arrete|fin|توقف|توقفوا|قف|اوقف|اوقفوا|mira|mirai)(?: (?:please|pls|now|all|it|svp|s'il (?:vous|te) plait|merci|thanks|من فضلك|لو سمحت))*[.! ]*$",
  'stop (?:sending|bothering|harassing|spamming)', 'no more (?:messages?|texts?|e?-?mails?|sms|calls?)', "(?:do not|dont|don't|never|not) (?:send|write|contact|message|text|email|call)(?: to)?(?: me| us)?(?: any\\p{L}*| messages?| texts?| e?-?mails?| again)", '(?:remove|delete|lose|erase) my (?:number|phone|e?-?mail|address|contact)\\p{L}*',
  "(?:ne )?(?:me|m') ?(?:re)?(?:contactez|contacte|ecrivez|ecris|appelez) plus", 'plus (?:de|aucun) (?:messages?|sms|e?-?mails?|textos?)', 'desabonn\\p{L}*', '(?:supprimez|supprime|effacez|efface|retirez|retire)(?:[- ]moi| mon (?:numero|adresse|mail|e-mail|contact))', '(?:veux|souhaite) plus (?:recevoir|etre contacte|de messages?)',
  '(?:اوقف|اوقفوا|كفي|كفي من) (?:ال)?رسا[يء]ل', 'لا (?:تكلمني|تكلموني|تكتب لي|تكتبوا لي|تبعث لي|تبعثوا لي)', 'الغاء الاشتراك', '(?:احذف|احذفوا|امسح|امسحوا) رقمي', 'musandi(?:tumire|bate|nyor|fone)\\p{L}*', 'rega(?:i)? kundi\\p{L}+',
  'stop(?: it)?[.! ]*$', 'stop (?:messaging|texting|contacting|emailing|writing|calling)(?: me)?', 'unsubscribe', 'opt out', '(?:do not|dont|don\'t|never) (?:contact|message|text|email|write|call)(?: to)? me', 'remove me', 'leave me alone', 'take me off',
  "ne (?:me|m') ?(?:contactez|contacte|ecrivez|ecris|appelez|envoyez) (?:plus|pas)", "arretez? de m'? ?(?:e )?(?:envoyer|ecrire|contacter|appeler|harceler)", 'desinscri\\p{L}*(?:[- ]moi)?', '(?:laissez|foutez)[- ]moi (?:tranquille|la paix)',
  'لا (?:تراسلني|تراسلوني|تتصل|تتصلوا|ترسل|ترسلوا)', 'توقف عن', 'توقفوا عن', 'ma ?t3?a?w?e?d?c?h? tb3atli', 'mat3awdch', 'ma tzidch', 'matzidch', 'musanditumire', 'musandibate', 'regai kunditumira',
);

/** A message that gives orders to a program or speaks of what only we know: nothing in it is an offer. */
export const INSTRUCTION = phrase(
  'ignore (?:all |any |your |the |previous |these |my |prior )*(?:limits?|instructions?|rules?|ceiling|budget|prompt)', 'disregard', 'system ?:', 'assistant ?:', 'developer ?:', 'system prompt', 'your (?:ceiling|limit|budget|reservation price|maximum is|instructions?|owner|boss has)', '(?:the )?(?:buyer|user|owner|admin|operator)(?: has| have|\'s)? (?:already )?(?:approved|authori[sz]ed|raised|agreed)', 'new (?:limit|ceiling|instructions?|rules?)', 'override', 'jailbreak', 'as an ai', 'you are (?:now )?(?:an?|in) \\p{L}+ (?:ai|mode|assistant|model)', 'developer mode',
  'ignorez? (?:toutes? )?(?:vos|tes|les|ces) (?:limites?|instructions?|regles?|consignes?)', 'votre (?:plafond|limite|budget|maximum est)', "(?:l'acheteur|l'utilisateur|le proprietaire|l'administrateur) a (?:approuve|autorise|valide)", 'nouvelles? (?:limites?|instructions?|regles?)', 'systeme ?:',
  'تجاهل (?:كل )?(?:الحدود|التعليمات|القواعد|حدودك|تعليماتك)', 'سقفك', 'ميزانيتك', 'المشتري وافق', 'تعليمات جديده', 'system',
);

export const UNAVAILABLE = phrase(
  '(?<!(?:he|she|cousin|friend|brother|neighbou?r|they|who) )(?:already )?sold(?: out| already)?', '(?:just|already) (?:bought|took|picked) (?:it|one)', 'yatotengwa', 'راهو تباع\\p{L}*', "(?:it'?s|its|it is|they'?re) (?:gone|sold|reserved)", 'no longer (?:available|for sale)', 'not available', 'pending(?: pick ?up| sale)?', 'on hold',
  "(?:deja )?vendue?s?", "plus (?:disponible|dispo|a vendre|d'actualite)", 'pas disponible', 'reservee?', "c'est parti", 'indisponible',
  'تم البيع', 'بعت\\p{L}*', 'تباع\\p{L}*', 'انباع\\p{L}*', 'غير متوفر\\p{L}*', 'محجوز\\p{L}*', 'مباع\\p{L}*', 'tba3e?t?', 'mba3', 'be3t\\p{L}*', 'makach', 'chatengwa', 'yatengwa', 'chaenda', 'yaenda', 'hapachina', 'hachisisipo',
);

/** The price is said to be the last. Beside an amount alone. */
export const LAST_PRICE = phrase(
  '(?<!your )(?:last|final|lowest|bottom|best)(?: \\p{L}+){0,2} (?:price|offer|line|is|i can(?: do)?)', '(?:lowest|final|firm|fixed)', 'yekupedzisira', '(?:ال)?سعر (?:ال)?نهاءي', '(?:ال)?نها[يء]+\\p{L}*', 'bottom line', "(?:can't|cannot|cant|won't|wont) (?:go|do|sell|take)(?: it| any| for)? (?:below|under|lower|less)(?: than)?", '(?:no|not) (?:less|lower) than', 'nothing less than', 'at least', 'minimum', 'or nothing', 'take it or leave it', 'best i can do',
  'dernier(?:e)?(?: prix| mot| offre| delai)?', 'fixe', 'ferme', 'pas (?:moins|en dessous)(?: de)?', 'pas en[- ]dessous', 'descends pas', 'au minimum', 'sinon (?:non|rien)', 'mon plus bas', 'a prendre ou a laisser', 'final', 'nhai', 'nihai', 'nha2i',
  '(?:ال)?(?:ا)?خر (?:سعر|ثمن|كلام|سومه|صومه)', 'نهاي\\p{L}*', 'نهاءي', 'اقل من', 'ما نقصش', 'ثابت', 'akh?h?[ie]r(?: soma| prix| kelma| thaman)?', 'akher', 'mutengo wekupedzisira', 'wekupedzisira', 'chete',
);

export const REJECT = phrase(
  "no(?: thanks?| thank you| way| deal|pe)?[.! ]*$", 'lol no', 'hard no', 'not a chance', '(?:rather|prefer to) keep', 'ماتساعدنيش', 'ما تساعدنيش', 'ma tsa3edni\\p{L}*',  'no thanks?', 'no way', 'nah', "(?:way |far |much )?too (?:low|little|cheap|less)", "not (?:accepting|interested|negotiable|selling|for that|enough|happening)", "(?:price|it'?s|its) (?:is )?(?:firm|fixed|final)", '(?:can\'t|cannot|cant|won\'t|wont) (?:do|accept|take|sell)', '(?:i )?(?:decline|refuse|reject)\\p{L}*', 'lowball\\p{L}*', 'insult\\p{L}*', "don'?t waste", 'are you (?:joking|kidding|serious)',
  '^non', "pas d'accord", "(?:ne )?m'interesse pas", 'pas interesse\\p{L}*', 'je refuse', 'trop (?:bas|peu|faible)', '(?:vous|tu) (?:rigole|plaisante|blague)\\p{L}*', 'prix (?:ferme|fixe)', 'non negociable', 'pas negociable', 'pas possible', 'impossible', 'hors de question', 'jamais de la vie',
  'لا(?: شكرا)?$', 'لا (?:غير )?(?:موافق|اقبل|استطيع|يمكن)', 'غير موافق', 'مرفوض', 'ارفض', 'قليل\\p{L}*', 'رخيص\\p{L}* بزاف', 'مستحيل', 'ما نبيعش', 'ماشي قد', 'ghali bezaf', 'makanch', 'manbi3hach', 'ma ?nbi3ch', 'la la', 'handidi', 'hazviite', 'aiwa', 'kwete', 'ishoma',
);

export const ACCEPT = phrase(
  'deal', '^ok(?:ay|e)?[.! ]*$', "(?:ok|okay|sure|yes|yep|yeah|fine|alright|agreed|accepted)", 'i (?:accept|agree|will take it|\'ll take it)', "(?:sounds|that'?s|thats|all) (?:good|great|fine|ok|perfect)", 'it(?: i|\')s yours', 'you got it', 'works(?: for me)?', 'done deal', 'lets do it', "let's do it", 'sold to you',
  "d'accord", 'marche conclu', 'ca (?:marche|me va|roule|me convient)', "c'est (?:bon|ok|d'accord)", 'va pour', 'entendu', "j'accepte", 'conclu', 'affaire conclue', 'vendu a vous', '^oui', 'tope la',
  'موافق\\p{L}*', 'اتفقنا', 'مبروك(?: عليك)?', 'تفضل', 'تم الاتفاق', 'قبلت', 'واخا', 'صحا', '^نعم', 'وافقت', 'اقبل', 'wakha', 'wa5a', 'saha', 's7a', 'mabrouk', 'mabrok', 'tfedel', 'zvakanaka', 'ndabvuma', 'hongu', 'ngatiite', 'zvaita',
);

/** An agreement with a condition of its own. */
export const CONDITION = phrase('but', 'only if', 'mais', 'seulement si', 'a condition', 'بشرط', 'لكن', 'asi', 'bessah', 'besah', 'بصح');

export const QUESTION = phrase(
  '(?:what|when|where|who|which|how|why)(?:\'?s)?', '(?:can|could|would|do|does|are|is) (?:you|it|we|they|there)', 'best offer', '(?:quel|quelle|quels|combien|comment|ou|quand|pourquoi|qui)', 'est[- ]ce que', '(?:vous|tu) (?:habitez|payez|etes|venez|proposez|pouvez|habite|propose)', 'votre meilleure offre',
  'كم', 'شحال', 'بكم', 'اين', 'وين', 'متي', 'هل', 'واش', 'كيف', 'chhal', 'ch7al', 'win', 'wach', 'kifach', 'marii', 'here', 'kupi', 'rini', 'sei', 'munopa',
);

/** A change or a meeting point instead of a price: `10 % off`, `split the difference`. */
export const RELATIVE = phrase('off', 'discount', 'split the difference', 'in the middle', 'half ?way', 'meet (?:me )?half', 'remise', 'reduction', 'rabais', 'coupe la poire', 'تخفيض', 'خصم');

export const RANGE = phrase('between', 'entre', 'ما بين', 'بين');

/** Before a number: somebody else's price, or an older one. */
export const REPORTED_BEFORE = new RegExp(
  "(?<![\\p{L}\\d])(?:(?:une |deja une )?offre (?:a|de)|(?:sold|sells|went)(?: his| hers| theirs| them| one| it)? for|than sell(?: it)? for|kayen li 3tani|li 3tani|offered(?: me)?(?: for)?|(?:an|another|higher|better|have|got|one) offers?(?: of| for| at)?|(?:some(?:one|body)|another \\p{L}+|others?)(?: \\p{L}+){0,3}|i (?:paid|bought it for|got it for|payed)|paid|retails?(?: for| at)?|worth|was|were|used to be|new (?:is|for|at|costs?)|instead of|rather than|au lieu de|a la place de|(?:je )?l'ai (?:paye|achete)e?|(?:on|quelqu'un) m'a (?:propose|donne|offert)|valait|vaut|neuf (?:a|coute)|acheteu?r? a|عطاوني|عطاني|اشتريته(?: ب)?|شريته(?: ب)?|3ta[wn]i|3tawni|3tani|chritha?|chrito|بدل|بدلا من)\\s*(?:[\\p{Sc}]|it|for|at|a|à|de|ب|b)?\\s*$",
  'u',
);
/** Before a number: this one is refused. */
export const NEGATED_BEFORE = /(?:(?<![\p{L}])(?:not|no|pas|can'?t do|cannot do|won'?t do|can'?t accept|won'?t accept|لا|ليس|مش|ماشي|machi)(?: for| a| at| pour)?\s*\p{Sc}?\s*)$/u;
/** After a number: it is refused. */
export const NEGATED_AFTER = /^\s*(?:\p{Sc}|da|usd)?\s*,?\s*(?:no(?!\w)|non(?!\w)|nope|(?:is|it'?s|c'est|est|هذا)?\s*(?:way |far |much |un peu |beaucoup )?(?:too (?:low|little)|trop (?:bas|peu)|قليل|ishoma|shwiya))/u;
