/** Where a list goes on, which is told as a text that nobody needs to understand. */

export const toCursor = (lastId: number) => `before-${lastId}`;

/** Undefined for a text that `toCursor` did not give. */
export function readCursor(text: string): number | undefined {
  const [, id] = /^before-([1-9][0-9]{0,8})$/.exec(text) ?? [];
  return id === undefined ? undefined : Number(id);
}
