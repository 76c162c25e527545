import { describe, expect, it } from 'vitest';
import { detectLanguage, type MessageLanguage } from './detect-language.ts';
import { foldText } from './fold-text.ts';

const CASES: readonly [MessageLanguage | null, string][] = [
  ['en', 'Is this still available?'], ['en', 'can do 45 shipped'], ['en', 'Would you take 40 for it'], ['en', "I don't want it"], ['en', 'lowest you can go'],
  ['fr', 'ok 12 mille dernier prix'], ['fr', 'Bonjour, toujours disponible ?'], ['fr', "C'est vendu désolé"], ['fr', 'je vous le laisse à 40'], ['fr', 'Quel est votre dernier prix'],
  ['ar', 'السلام عليكم، آخر سعر؟'], ['ar', 'بكم هذا iPhone'], ['ar', 'salam khoya chhal akhir soma'], ['ar', 'ghali bezaf sahbi'],
  ['sn', 'Makadii, mutengo wenyu ndeupi?'], ['sn', 'Ndinoda kutenga, munogona kudzikisa here?'], ['sn', 'Ndatenda, zvakanaka'], ['sn', 'Chiripo here?'],
  [null, '45'], [null, ''], [null, '😀👍'], [null, 'xqzt'],
];

describe('detectLanguage', () => {
  it.each(CASES)('%s: %s', (language, text) => expect(detectLanguage(text).language).toBe(language));
});

describe('foldText', () => {
  it('writes the same word one way', () => {
    expect(foldText('ÉTÉ’s')).toBe("ete's");
    expect(foldText('مُـحَـمَّد أحمد مدرسة على')).toBe('محمد احمد مدرسه علي');
    expect(foldText('١٢٫٥ ۳')).toBe('12.5 3');
  });
});
