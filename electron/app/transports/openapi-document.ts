import type { AnyContractRouter } from '@orpc/contract';
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { REST_PREFIX } from './message-port.ts';

/** The OpenAPI 3.1 description of the REST interface, made from the contract alone. */
export async function generateOpenApiDocument(contract: AnyContractRouter, version: string): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(contract, {
    info: { title: 'Resale Desk', version, description: 'The interface that the desk itself uses. Amounts are whole minor units with a currency; instants are UTC milliseconds.' },
    servers: [{ url: REST_PREFIX }],
    components: { securitySchemes: { apiToken: { type: 'http', scheme: 'bearer', description: 'The text of the file api-token in the data folder.' } } },
    security: [{ apiToken: [] }],
  });
}
