/** Converts Swagger 2 documents to OpenAPI 3; ships no types. */
declare module 'swagger2openapi' {
  export function convertObj(document: object, options: { readonly patch?: boolean; readonly warnOnly?: boolean; readonly resolveInternal?: boolean }): Promise<{ readonly openapi: unknown }>;
}
