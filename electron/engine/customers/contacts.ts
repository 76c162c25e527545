/** Where somebody can be recognised again. */
export interface Contact {
  /** `email`, `sms`, or the channel family whose user name it is: `ebay`, `shopify`. */
  readonly kind: string;
  readonly value: string;
}

/** What a channel tells of a buyer, as far as it tells. */
export interface BuyerDetails {
  readonly username?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

/** `ebay-us` → `ebay`: one account writes from every market of its channel. */
export const channelFamily = (market: string): string => market.split('-')[0]!;

/** With its country where it was given; null for what is no number. */
export function phoneOf(text: string): string | null {
  const number = text.replace(/[^\d+]/g, '').replace(/^00/, '+');
  return /^\+?\d{6,15}$/.test(number) ? number : null;
}

export const emailOf = (text: string): string | null => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim()) ? text.trim().toLowerCase() : null);

export function contactsOf(buyer: BuyerDetails, market: string): Contact[] {
  const [email, phone, username] = [buyer.email ? emailOf(buyer.email) : null, buyer.phone ? phoneOf(buyer.phone) : null, buyer.username?.trim().toLowerCase()];
  return [...(username ? [{ kind: channelFamily(market), value: username }] : []), ...(email ? [{ kind: 'email', value: email }] : []), ...(phone ? [{ kind: 'sms', value: phone }] : [])];
}
