import type { Random } from '#kernel/random.ts';
import { pick } from './create-catalog.ts';
import type { Product } from './types.ts';

const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/\bWireless\b/, 'Wrls'], [/\bBluetooth\b/, 'BT'], [/\bHeadphones\b/, 'Hdphones'], [/\bBlack\b/, 'Blk'], [/\bWhite\b/, 'Wht'], [/\bStainless\b/, 'SS'], [/\bMicrophone\b/, 'Mic'], [/\bKeyboard\b/, 'Kybd'],
  [/\bPremium\b/, 'Prem'], [/\bProfessional\b/, 'Pro'], [/\bCharger\b/, 'Chgr'], [/\bEdition\b/, 'Ed'], [/\band\b/, '&'], [/\bSterling Silver\b/, 'SS925'], [/\bCollection\b/, 'Coll'], [/\bGround\b/, 'Grd'],
];
const NOISE = ['NEW', 'Brand New', 'L@@K', 'FREE SHIPPING', '*Hot Deal*', 'Best Price', 'Fast Ship', '100% Authentic', 'CLEARANCE', 'Open Box?', 'Last Ones!', '!!!'];
const EMOJI = ['🔥', '✨', '🎁', '✅', '⭐', '💥'];
const FRENCH_NOISE = ['neuf', 'neuf jamais utilisé', 'état 10/10', 'prix fixe', 'livraison 58 wilayas', 'sous emballage', 'urgent', 'bonne occasion', 'original', 'importé'];
const ARABIC_NOISE = ['للبيع', 'جديد', 'أصلي', 'توصيل متوفر', 'سعر مغري', 'مستعمل نظيف'];
const FRENCH: Readonly<Record<string, string>> = {
  'Wireless Mouse': 'Souris sans fil', 'Mechanical Keyboard': 'Clavier mécanique', 'Bluetooth Speaker': 'Enceinte Bluetooth', 'Noise Cancelling Headphones': 'Casque antibruit', 'Power Bank': 'Batterie externe', 'USB-C Charger': 'Chargeur USB-C',
  'Electric Kettle': 'Bouilloire électrique', 'Knife Set': 'Ensemble couteaux', 'Cordless Drill': 'Perceuse sans fil', 'Socket Set': 'Jeu de douilles', 'Face Serum': 'Sérum visage', 'Night Cream': 'Crème de nuit', 'Eau de Parfum': 'Eau de parfum',
  'Rain Jacket': 'Veste imperméable', 'Fleece Hoodie': 'Sweat à capuche', 'Board Game': 'Jeu de société', 'Building Set': 'Jeu de construction', 'Plush Bear': 'Peluche ours', 'Desk Lamp': 'Lampe de bureau', 'Wall Clock': 'Horloge murale',
  'Dive Watch': 'Montre de plongée', 'Chronograph Watch': 'Montre chronographe', 'External SSD': 'SSD externe', 'Action Camera': 'Caméra sport', 'MIDI Keyboard': 'Clavier MIDI', Projector: 'Vidéoprojecteur', Soundbar: 'Barre de son', Novel: 'Roman', Dictionary: 'Dictionnaire', Cookbook: 'Livre de cuisine',
  'Storage Bins': 'Boîtes de rangement', 'Bath Towels': 'Serviettes de bain', 'Green Tea': 'Thé vert', 'Ground Coffee': 'Café moulu', 'Olive Oil': "Huile d'olive", 'Multimeter': 'Multimètre', 'Laser Level': 'Niveau laser', Webcam: 'Webcam', Drone: 'Drone',
};

export interface Wording {
  readonly language: 'en' | 'dz' | 'eu';
  /** 0: as in the catalogue; 1: as bad as it gets. */
  readonly mess: number;
  /** False: the words say nothing of the pack size. */
  readonly namesPack: boolean;
}

function packWords(random: Random, count: number, language: Wording['language']): string {
  if (language === 'dz') return pick(random, [`lot de ${count}`, `pack ${count}`, `x${count}`]);
  if (language === 'eu') return pick(random, [`${count} Stk`, `${count}x`, `VPE ${count}`]);
  return pick(random, [`Pack of ${count}`, `${count}-Pack`, `${count}pk`, `(${count} Count)`, `${count} pcs`, `x${count}`]);
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/\s+\S*$/, '');
}

/** An outlet's words for a product: parts missing or shortened, shouting, noise, French and Arabic. Never empty. */
export function writeTitle(random: Random, product: Product, wording: Wording): string {
  const { mess } = wording;
  const written = product.category === 'books' || product.category === 'media';
  const parts: string[] = [];
  const bare = product.title.replace(/, Pack of \d+/, '');
  if (wording.language === 'dz' && !written) {
    parts.push(FRENCH[product.noun] ?? product.noun);
    if (random.next() > 0.2 * mess) parts.push(product.brand);
    if (product.mpn && random.next() > 0.35 * mess) parts.push(product.mpn.split('-').slice(0, 2).join('-'));
    if (product.color && random.next() < 0.5) parts.push(product.color);
  } else {
    let text = bare;
    if (random.next() < 0.3 * mess) text = text.replace(`${product.brand} `, '');
    if (product.mpn && random.next() < 0.25 * mess) text = text.replace(/\s[A-Z]{2}-?\d{3,5}[A-Z]?(?=,|$)/, '');
    if (random.next() < 0.5 * mess) for (const [long, short] of SHORTER) if (random.next() < 0.7) text = text.replace(long, short);
    if (random.next() < 0.3 * mess) text = text.replaceAll(',', '');
    parts.push(text);
    if (product.author && random.next() < 0.5) parts.push(random.next() < 0.5 ? `by ${product.author}` : `- ${product.author}`);
  }
  if (wording.namesPack && product.packSize > 1) parts.push(packWords(random, product.packSize, wording.language));
  if (random.next() < 0.45 * mess) parts.push(wording.language === 'dz' ? pick(random, random.next() < 0.6 ? FRENCH_NOISE : ARABIC_NOISE) : pick(random, NOISE));
  if (random.next() < 0.12 * mess) parts.unshift(pick(random, EMOJI));
  let title = parts.join(' ').replaceAll(/\s+/g, ' ').trim();
  const letter = random.next();
  if (letter < 0.14 * mess) title = title.toUpperCase();
  else if (letter < 0.22 * mess) title = title.toLowerCase();
  if (random.next() < 0.05 * mess) title = `  ${title.replace(' ', '  ')} `;
  return clip(title, 140);
}
