import type { SecretStore } from '#runtime/secrets/secret-store.ts';
import type { SourceSessionPort } from '#engine/sources/index.ts';
import { CookieJar, type SessionStore } from '#scrapers/core/fetch/cookie-jar.ts';

const nameOf = (jar: string) => `source-session/${jar}`;

/** Sign-ins of sources, in the secret store: never in the database, a log or the window. */
export function createSessionStore(secrets: SecretStore): SessionStore & SourceSessionPort {
  const jars = new Map<string, Promise<CookieJar>>();
  return {
    open(jar) {
      let opened = jars.get(jar);
      if (!opened) jars.set(jar, (opened = secrets.get(nameOf(jar)).then((text) => CookieJar.fromText(text))));
      return opened;
    },
    save: (jar, cookies) => secrets.set(nameOf(jar), cookies.toText()),
    async signIn(jar, { cookies, url }) {
      const fresh = CookieJar.fromHeader(cookies, url);
      if (fresh.isEmpty) return false;
      await secrets.set(nameOf(jar), fresh.toText());
      jars.set(jar, Promise.resolve(fresh));
      return true;
    },
    async signOut(jar) {
      jars.delete(jar);
      await secrets.delete(nameOf(jar));
    },
    has: async (jar) => (await secrets.get(nameOf(jar))) !== null,
  };
}
