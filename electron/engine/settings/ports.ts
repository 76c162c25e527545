/** Where secrets live: the keychain of the computer, or an encrypted vault on a headless host. Names are `<connection>/<field>`. */
export interface SecretPort {
  has(name: string): Promise<boolean>;
  set(name: string, secret: string): Promise<void>;
  delete(name: string): Promise<void>;
}

export type ConnectionId = 'keepa' | 'amazon-sp-api' | 'ebay' | 'reverb' | 'bookscouter' | 'tcgplayer' | 'tcgcsv' | 'woocommerce' | 'etsy' | 'shopify' | 'openai' | 'anthropic' | 'telegram' | 'stripe' | 'paypal' | 'chargily' | 'paynow' | 'ecocash' | 'email' | 'twilio';

/** A vendor account as the desk offers it: which fields it needs, and a harmless call that proves them. */
export interface ConnectionPort {
  readonly id: ConnectionId;
  readonly name: string;
  readonly baseUrl: string;
  readonly fields: readonly { readonly name: string; readonly label: string; readonly secret: boolean; /** The account works without it. */ readonly optional?: boolean }[];
  /** Throws a ConnectorError that says what is wrong. Spends no quota worth naming and changes nothing. */
  check(): Promise<void>;
}
