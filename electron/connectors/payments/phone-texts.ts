/** A phone number in the ways in which a vendor may repeat it, longest first: masked in whatever is kept of an answer that failed. */
export function phoneTexts(phone: string | null | undefined): string[] {
  const digits = (phone ?? '').replace(/\D/g, '').replace(/^00/, '');
  if (!phone || digits.length < 6) return [];
  const national = digits.startsWith('263') ? digits.slice(3) : digits.replace(/^0/, '');
  return [...new Set([`+263${national}`, phone, `263${national}`, `0${national}`, digits, national])].toSorted((a, b) => b.length - a.length);
}

export const maskPhones = (text: string, phone: string | null | undefined): string => phoneTexts(phone).reduce((shown, one) => shown.replaceAll(one, '[masked]'), text);
