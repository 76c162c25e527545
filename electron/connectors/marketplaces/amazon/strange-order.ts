/** An order that is of the agreed shape and still cannot be believed: an unknown state, an amount that is none. */
export class StrangeOrder extends Error {}
