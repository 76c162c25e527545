import { z } from 'zod';
import { hash32 } from '#kernel/random.ts';
import type { OutletId, World } from '../../world/types.ts';

const address = z.object({
  first_name: z.string().default(''), last_name: z.string().default(''), company: z.string().default(''), address_1: z.string().default(''), address_2: z.string().default(''), city: z.string().default(''),
  state: z.string().default(''), postcode: z.string().default(''), country: z.string().default(''), phone: z.string().default(''), email: z.string().optional(),
});
export const addressInput = address;
export type ShopAddress = z.infer<typeof address>;
export const NO_ADDRESS: ShopAddress = address.parse({});

const cart = z.object({
  token: z.string(), serial: z.number().int(),
  /** Grows with each order, so that each checkout of one token has its own reference. */
  generation: z.number().int(),
  items: z.array(z.object({ number: z.number().int(), quantity: z.number().int() })),
  billing: address, shipping: address, draft: z.object({ id: z.number().int(), key: z.string() }).nullable(),
});
export type Cart = z.infer<typeof cart>;

/** A shop's carts and drafts, kept in the world's journal. A cart exists for the journal once something is put into it. */
export class CartKeeper {
  readonly #world: World;
  readonly #store: string;
  readonly #outletIndex: number;

  constructor(world: World, outletId: OutletId) {
    this.#world = world;
    this.#store = `woocommerce:${outletId}`;
    this.#outletIndex = world.shops.outlets.findIndex((outlet) => outlet.id === outletId);
  }

  #count(name: string): number {
    const next = z.number().int().catch(0).parse(this.#world.document(this.#store, name)) + 1;
    this.#world.actions.putDocument(this.#store, name, next);
    return next;
  }

  /** A cart nobody has seen; its token is told to the client with the first answer. */
  create(): Cart {
    const serial = this.#count('carts');
    const token = `practice.${Buffer.from(`${this.#store}:${serial}`).toString('base64url')}.${hash32(`${this.#world.seed}:${this.#store}:${serial}`).toString(36)}`;
    return this.save({ token, serial, generation: 0, items: [], billing: { ...NO_ADDRESS, email: '' }, shipping: NO_ADDRESS, draft: null });
  }

  find(token: string): Cart | null {
    const found = cart.safeParse(this.#world.document(this.#store, `cart/${token}`));
    return found.success ? found.data : null;
  }

  save(changed: Cart): Cart {
    this.#world.actions.putDocument(this.#store, `cart/${changed.token}`, changed);
    return changed;
  }

  /** The draft order of a cart, made when there is none. Ids differ between shops. */
  withDraft(of: Cart): Cart & { draft: { id: number; key: string } } {
    if (of.draft) return { ...of, draft: of.draft };
    const serial = this.#count('drafts');
    const id = 10_000_000 * (this.#outletIndex + 1) + serial;
    const draft = { id, key: `wc_order_${hash32(`${this.#world.seed}:${id}:key`).toString(36)}${hash32(`${this.#world.seed}:${id}:end`).toString(36)}` };
    this.#world.actions.putDocument(this.#store, `draft/${id}`, { key: draft.key, token: of.token });
    this.save({ ...of, draft });
    return { ...of, draft };
  }

  /** The draft or order by id: its key and addresses. */
  order(id: number): { key: string; token: string; billing: ShopAddress; shipping: ShopAddress } | null {
    const draft = z.object({ key: z.string(), token: z.string() }).safeParse(this.#world.document(this.#store, `draft/${id}`));
    if (!draft.success) return null;
    const placed = z.object({ billing: address, shipping: address }).safeParse(this.#world.document(this.#store, `order/${id}`));
    const { billing, shipping } = placed.success ? placed.data : (this.find(draft.data.token) ?? { billing: NO_ADDRESS, shipping: NO_ADDRESS });
    return { ...draft.data, billing, shipping };
  }

  /** Before the order is placed: its addresses, so that they are there whenever the order is. */
  noteOrder(id: number, addresses: { billing: ShopAddress; shipping: ShopAddress }): void {
    this.#world.actions.putDocument(this.#store, `order/${id}`, addresses);
  }

  /** Empties a cart after its order. */
  finish(of: Cart): Cart {
    return this.save({ ...of, generation: of.generation + 1, items: [], draft: null });
  }
}
