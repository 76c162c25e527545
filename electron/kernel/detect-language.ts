/** Which of the desk's four languages a short message is in: the script first, then the words that each language cannot do without. */
import { foldText } from './fold-text.ts';

export type MessageLanguage = 'en' | 'fr' | 'ar' | 'sn';

export interface LanguageGuess {
  /** Null where nothing in the text tells (numbers, a name, an unknown language). */
  readonly language: MessageLanguage | null;
  /** The winner's share of the evidence, 0 to 1. */
  readonly confidence: number;
}

/** Folded words. Words that two of the languages share (`on`, `a`, `tu`, `me`) are left out. */
const WORDS: Readonly<Record<MessageLanguage, string>> = {
  en: 'the is are was were what when where why how you your my it its this that these not dont can could would will have has had do does did i im ive please thanks thank hello hi hey ok okay for with from but and or still available price offer order item shipped shipping delivery refund return want need last best lowest yes no sold get got been never after before any my cash deal meet buy sell take give just me we they there here of to in at be',
  fr: "le la les un une des du de je j il elle nous vous est sont etait suis ai as avez avons ont pas ne ce cette ces mon ma mes votre vos quel quelle quand comment pourquoi combien ou bonjour bonsoir salut merci prix dernier derniere toujours disponible svp stp livraison commande colis recu rembourser remboursement retour avec pour dans sur mais et qui que quoi oui non c d l qu deja encore plus peux peut voulez veux article vendu vendre acheter d'accord possible faire mille",
  sn: 'mhoro makadii makadini mhoroi ndiri ndine ndinoda ndoda ndatenda tatenda maita mazvita zvakanaka mutengo marii imarii chii sei here kana asi uye kuti iyi iyo icho ichi yangu yako yenyu wenyu ini iwe imi isu hapana hongu aiwa kwete ndokumbirawo ndapota chinhu kutenga kutengesa tengesa mari yakawanda zvishoma zvakawanda ndapedza kusvika nhasi mangwana nezuro ndichiri muchiri ichiripo iripo chiripo hazvina handina handidi ndinokumbira musanditumire munogona ndinogona kudzikisa derera mudhara shamwari vatengi murikuti ndozvinoita ngatiite yatengwa yaenda yapera',
  ar: 'wach wesh chhal ch7al choukran chokran sahbi khoya labas slm salam kayen makanch kach nbi3 nchri dinar mlayen bezaf bzf ghali hadi hada 3la 3andi rani rak inchallah wakha bghit 7abes habes chwiya khouya akhi saha s7a',
};

const LANGUAGES = Object.keys(WORDS) as MessageLanguage[];
const LEXICON = new Map<string, MessageLanguage[]>();
for (const language of LANGUAGES) for (const word of WORDS[language].split(' ')) LEXICON.set(word, [...(LEXICON.get(word) ?? []), language]);

/** Arabic script is Arabic (Darija in Latin letters too); a tie in the Latin script goes to no language. */
export function detectLanguage(text: string): LanguageGuess {
  const folded = foldText(text.slice(0, 4_000));
  const arabic = (folded.match(/[\u0620-\u064a]/g) ?? []).length;
  const latin = (folded.match(/[a-z]/g) ?? []).length;
  if (arabic > 0 && arabic * 2 >= latin) return { language: 'ar', confidence: arabic / (arabic + latin) };
  const score: Record<MessageLanguage, number> = { en: 0, fr: 0, ar: 0, sn: 0 };
  for (const word of folded.split(/[^a-z0-9]+/)) {
    const owners = LEXICON.get(word);
    for (const owner of owners ?? []) score[owner] += 1 / owners!.length;
    if (/^(ndi|ndo|ndak|muno|zvi|haku|hand|mune|tiri|vari|kwa[a-z]{3}|chaka|rwu)[a-z]{2,}$/.test(word)) score.sn += 0.5;
  }
  // Accents that English has not and Shona has not.
  if (/[àâçéèêëîïôùûœ]/i.test(text.normalize('NFC'))) score.fr += 0.75;
  const total = LANGUAGES.reduce((sum, language) => sum + score[language], 0);
  const [first, second] = LANGUAGES.toSorted((a, b) => score[b] - score[a]) as [MessageLanguage, MessageLanguage];
  if (total === 0 || score[first] === score[second]) return { language: null, confidence: 0 };
  return { language: first, confidence: score[first] / total };
}
