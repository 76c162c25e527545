/**
 * Keys that open the practice vendors and nothing else. They are public on purpose: no real account has them, and a connector that is set to a
 * real address must never be given one.
 */
export const PRACTICE_CREDENTIALS = {
  keepa: { key: 'practice-keepa-key-0000000000000000000000000000000000000000000000' },
  amazon: {
    clientId: 'amzn1.application-oa2-client.practice', clientSecret: 'practice-amazon-secret', refreshToken: 'Atzr|practice-refresh-token', sellerId: 'APRACTICE00001', marketplaceId: 'ATVPDKIKX0DER',
  },
  ebay: { clientId: 'Practice-Desk-PRD-000000000-00000000', clientSecret: 'PRD-practice-ebay-secret', refreshToken: 'v^1.1#practice-refresh-token', sellerUsername: 'practice_seller' },
  buyer: {
    email: 'buyer@practice.invalid', firstName: 'Practice', lastName: 'Buyer', company: '', address1: '1 Practice Way', address2: '', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '+1 555-0100',
  },
} as const;
