/** Converts Swagger 2 documents to OpenAPI 3; ships no types. */
declare module 'swagger2openapi' {
  export function convertObj(document: object, options: { readonly patch?: boolean; readonly warnOnly?: boolean; readonly resolveInternal?: boolean }): Promise<{ readonly openapi: unknown }>;
}

/** Nested forms as Stripe writes them; ships no types. */
declare module 'qs' {
  const qs: { parse(text: string): Record<string, unknown> };
  export default qs;
}

/** Paynow's own package, a judge of its hash; ships no types. */
declare module 'paynow' {
  export class Paynow {
    constructor(integrationId: string, integrationKey: string);
    generateHash(values: Readonly<Record<string, string>>, integrationKey: string): string;
  }
}
