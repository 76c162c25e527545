import { describe, expect, it } from 'vitest';
import { findEscalation, type EscalationSignal } from './escalate.ts';
import { threadMs } from '#tests/support/thread-time.ts';

const CASES: readonly [EscalationSignal, string][] = [
  ['legal', 'You will hear from my lawyer'], ['legal', 'I will take you to court over this'], ['legal', 'Je vais porter plainte'], ['legal', 'Dernier rappel avant mise en demeure.'], ['legal', 'سأتصل بالمحامي'], ['legal', 'سأرفع قضية في المحكمة'], ['legal', 'I believe this is a counterfeit'],
  ['safety', 'The charger caught fire last night'], ['safety', 'It gave my son an electric shock'], ['safety', 'La batterie a explosé'], ['safety', "Ma fille a été brûlée par l'appareil"], ['safety', 'الشاحن احترق'], ['safety', 'خرج دخان من الجهاز'], ['safety', 'I had an allergic reaction to the cream'], ['safety', 'the battery is swollen'],
  ['chargeback', 'I will open a dispute with PayPal'], ['chargeback', 'I am doing a chargeback'], ['chargeback', 'Je vais contester le paiement'], ['chargeback', 'J’appelle ma banque demain'], ['chargeback', 'سأطلب من البنك استرجاع مالي'], ['chargeback', 'I called my bank already'],
  ['anger', 'This is a SCAAAAM'], ['anger', 'Vous êtes des voleurs'], ['anger', 'أنتم نصابين'], ['anger', 'I am furious'], ['anger', "C'est inadmissible, j'en ai marre"], ['anger', 'WHY DOES NOBODY ANSWER ME I HAVE WAITED FOR WEEKS'], ['anger', 'Answer me!!!!'], ['anger', 'هذا غير مقبول'],
  ['press', 'I am a journalist and would like a comment'], ['press', 'I will post this on social media'], ['press', 'Je vais contacter la presse'], ['press', 'سأنشر هذا في الفيسبوك'],
  ['privacy', 'Under the GDPR, delete my data'], ['privacy', 'Supprimez mes données personnelles'], ['privacy', 'احذفوا بياناتي'],
  ['human-asked', 'Can I speak to a real person?'], ['human-asked', 'Are you a bot?'], ['human-asked', 'Je veux parler à un responsable'], ['human-asked', 'أريد التحدث مع المدير'],
];

const CALM = [
  'Where is my order?', 'Does this fit a Fire TV stick?', 'Is the smoke detector new?', 'How do I return the shoes?', 'Est-ce que le chargeur est fourni ?', 'Bonjour, mon colis est-il parti ?', 'متى يصل الطرد؟', 'هل يأتي مع الشاحن؟', 'Thank you, perfect!',
  'Do you sell spark plugs?', 'I paid by card, could I have an invoice?', 'Quelle est la taille du carton ?', 'ok', '', 'Can you send it on Tuesday? Thanks!!', 'Je voudrais retourner la veste svp', 'J ai payé mais la commande est indiquée impayée', 'كم مدة الضمان؟', 'Press the button on the back?', 'IPHONE 13 PRO MAX',
];

describe('findEscalation', () => {
  it.each(CASES)('%s: %s', (signal, text) => {
    const { escalate, hits } = findEscalation(text);
    expect(escalate).toBe(true);
    expect(hits.map((h) => h.signal)).toContain(signal);
  });

  it.each(CALM)('leaves alone: %s', (text) => expect(findEscalation(text).hits).toEqual([]));

  it('shows every signal once with its words', () => {
    const { hits } = findEscalation('Scam! My lawyer and my bank will hear of it. SCAM scam.');
    expect(hits.map((h) => h.signal).sort()).toEqual(['anger', 'chargeback', 'legal']);
    expect(hits.find((h) => h.signal === 'legal')?.matched).toBe('lawyer');
  });

  it('bounds its work on a hostile text', () => {
    expect(threadMs(() => {
      findEscalation(`${'a'.repeat(500_000)} lawyer`);
      findEscalation('never order '.repeat(20_000));
    })).toBeLessThan(1_000);
  });
});

it('hears the same in other words, in three languages', () => {
  const said = [
  "I'm contacting my solicitor", "You'll hear from my counsel", 'I will take this to court', "I'll go to the small claims", "I'll report you to the FTC", 'my kid got hurt by it',
    'it gave me a shock', 'the charger caught flames', 'it blew up', 'I cut my finger on it', "I've disputed it with Visa", 'I will do a charge-back',
    'calling my credit card company', 'this is theft', 'you are a con artist', 'going to the papers with this', "I'll post about you on TikTok", 'delete everything you have about me',
    'let me talk to somebody real', 'get me a manager', 'je vais saisir la justice', 'mon avocat vous contactera', 'je vais vous attaquer en justice', 'je saisis le conciliateur',
    "mon fils s'est brûlé", 'ça a explosé', 'il a pris feu', "ça m'a électrocuté", 'je fais opposition sur ma carte', 'je conteste le débit',
    'vous êtes des escrocs', "c'est du vol", 'je vais alerter 60 millions de consommateurs', 'je vais en parler aux médias', 'effacez mes données', "je veux parler à quelqu'un",
    'je me suis coupé le doigt', 'سأوكل محاميا', 'سأرفع دعوى ضدكم', 'سأبلغ الشرطة', 'انفجر الشاحن', 'احترق المنزل',
    'ضربني الكهرباء', 'جرحت يدي', 'سأطلب من البنك إرجاع المال', 'أنتم لصوص', 'نصابين', 'سأفضحكم في التلفزيون',
    'احذفوا بياناتي', 'أريد التحدث مع المسؤول', 'غادي نشكي بيكم', 'راني زعفان', 'سأنشر تجربتي على تويتر',
  ];
  expect(said.filter((text) => !findEscalation(text).escalate)).toEqual([]);
});
