import { ConnectorError } from '#kernel/errors.ts';
import type { OwnPicture, PlacedPicture } from '#engine/listings/ports.ts';
import { fileForm } from '../../http/index.ts';
import { DOCUMENTS } from './documents.ts';
import { stagedSchema } from './schema.ts';
import { CONNECTOR, refuseUserErrors, type ShopifyClient } from './shopify-client.ts';

/** A staged upload: it becomes the product's when a product is made with it, and is dropped by the shop otherwise. Its address holds for a while only, so it is not remembered. */
export async function placePicture(client: ShopifyClient, { sha256, jpeg }: OwnPicture, signal?: AbortSignal): Promise<PlacedPicture> {
  const file = { filename: `${sha256}.jpg`, mimeType: 'image/jpeg', resource: 'IMAGE', httpMethod: 'POST', fileSize: String(jpeg.length) };
  const { stagedUploadsCreate } = await client.ask(DOCUMENTS.stageUpload, { variables: { input: [file] }, effect: 'idempotent', schema: stagedSchema, signal });
  refuseUserErrors(DOCUMENTS.stageUpload.operation, stagedUploadsCreate.userErrors);
  const [target] = stagedUploadsCreate.stagedTargets ?? [];
  if (!target) throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: DOCUMENTS.stageUpload.operation, message: 'the shop named no place for an upload' });
  const fields = Object.fromEntries(target.parameters.map(({ name, value }) => [name, value]));
  await client.upload(target.url, fileForm(fields, { field: 'file', name: file.filename, type: file.mimeType, bytes: jpeg }), signal);
  return { address: target.resourceUrl, until: client.options.clock.now() };
}
