/** Where keys of vendors live: never in a file as they are, never in a log. Names are `<account>/<field>`, 1 to 200 characters. */
export interface SecretStore {
  /** Null where there is none. */
  get(name: string): Promise<string | null>;
  set(name: string, secret: string): Promise<void>;
  /** Does nothing where there is none. */
  delete(name: string): Promise<void>;
  /** The names that hold a secret, in order. */
  list(): Promise<string[]>;
}

/** @throws RangeError on a name that a store could not hold. */
export function checkSecretName(name: string): void {
  if (!/^[\w][\w./:@-]{0,199}$/.test(name)) throw new RangeError(`not a name for a secret: ${JSON.stringify(name.slice(0, 40))}`);
}
