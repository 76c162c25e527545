import { describe, expect, it } from 'vitest';
import { compareTitles } from './compare-titles.ts';

describe('compareTitles', () => {
  it('marks the words that the other title lacks, whatever their case and signs', () => {
    expect(compareTitles('Wexis Tape Measure, RED x2', 'WEXIS tape measure XS212')).toEqual([{ text: 'Wexis Tape Measure, ', shared: true }, { text: 'RED', shared: false }, { text: ' ', shared: true }, { text: 'x2', shared: false }]);
    expect(compareTitles('Thé – vert', 'the vert')).toEqual([{ text: 'Thé – vert', shared: true }]);
  });
});
