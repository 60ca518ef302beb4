/** An operation that no endpoint file can say. The message says why, and is the same for all of a kind. */
export class Unsupported extends Error {}
