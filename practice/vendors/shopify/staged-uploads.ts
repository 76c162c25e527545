import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Args, Resolver } from '../graphql/execute-document.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { jpegSize } from '../read-jpeg.ts';
import type { Shop } from './shop.ts';

const inputSchema = z.array(z.strictObject({ filename: z.string().regex(/^[\w.-]+$/), mimeType: z.literal('image/jpeg'), resource: z.literal('IMAGE'), httpMethod: z.literal('POST'), fileSize: z.string().regex(/^\d+$/) })).length(1);
const VENDOR = 'shopify';

interface Staged { readonly size: number; readonly sha256: string | null }

function stage(shop: Shop, { input }: Args): unknown {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { stagedTargets: null, userErrors: parsed.error.issues.map((issue) => ({ field: ['input', ...issue.path.map(String)], message: issue.message })) };
  const [{ filename, fileSize }] = parsed.data as [z.infer<typeof inputSchema>[number]];
  const key = `tmp/practice/${shop.nextId()}/${filename}`;
  shop.world.actions.putDocument(VENDOR, `staged/${key}`, { size: Number(fileSize), sha256: null } satisfies Staged);
  const url = `${shop.address()}/staged`;
  return { stagedTargets: [{ url, resourceUrl: `${url}/${key}`, parameters: [{ name: 'key', value: key }, { name: 'Content-Type', value: 'image/jpeg' }] }], userErrors: [] };
}

async function receive(shop: Shop, request: VendorRequest): Promise<VendorResponse> {
  const form = await new Response(new Uint8Array(request.body), { headers: { 'content-type': request.header('content-type') } }).formData().catch(() => null);
  const [key, file] = [form?.get('key'), form?.get('file')];
  const staged = typeof key === 'string' ? (shop.world.document(VENDOR, `staged/${key}`) as Staged | undefined) : undefined;
  const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : null;
  if (!staged || !bytes || bytes.length !== staged.size || !jpegSize(bytes)) return { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };
  shop.world.actions.putDocument(VENDOR, `staged/${String(key)}`, { ...staged, sha256: createHash('sha256').update(bytes).digest('hex') } satisfies Staged);
  shop.done.picturesUploaded += 1;
  return { status: 201, body: '<PostResponse/>' };
}

/** The hash of what was uploaded there; null: nothing was; undefined: the address is another's. */
export function uploadedAt(shop: Shop, source: string): string | null | undefined {
  const start = `${shop.address()}/staged/`;
  if (!source.startsWith(start)) return undefined;
  return (shop.world.document(VENDOR, `staged/${source.slice(start.length)}`) as Staged | undefined)?.sha256 ?? null;
}

export const stagedResolver = (shop: Shop): Resolver => (args) => stage(shop, args);
export const stagedRoute = (shop: Shop): Route => ({ method: 'POST', pattern: '/staged', name: 'stagedUpload', handle: (request) => receive(shop, request) });
