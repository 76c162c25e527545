/** What the other side wrote itself: answers carry our own words and numbers below, and these are no offer of theirs. Total; '' where they wrote nothing of their own. */
const INTRODUCTION = /^(?:(?:on|le|el|pa|am)\b.{4,160}\b(?:wrote|a écrit|a ecrit|écrit|akanyora|schrieb)\s*:?|.{0,160}كتب.{0,80}:|-{2,}\s*(?:original message|message d['’]origine|الرسالة الأصلية|forwarded message).*|_{8,}|from:\s.+|de\s?:\s.+@.+|sent from my .+|envoyé de mon .+)\s*$/iu;

export function stripQuoted(text: string): string {
  const kept: string[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (line.trimStart().startsWith('>')) continue;
    if (INTRODUCTION.test(line.trim())) break;
    kept.push(line);
  }
  // a signature begins at the line that mail programs put before it
  const end = kept.findIndex((line) => line === '-- ');
  return (end < 0 ? kept : kept.slice(0, end)).join('\n').trim();
}
