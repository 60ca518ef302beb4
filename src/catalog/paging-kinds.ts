/** Ways in which services lead to the next page. */
export const pagingKinds = ["link_header", "cursor", "next_url", "last_item", "offset", "page"] as const;

export interface Paging {
  kind: (typeof pagingKinds)[number];
  /** `cursor`: params, and the dotted path in the answer of their value for the next page. */
  params: Readonly<Record<string, string>>;
  /** The param that takes the id, the offset or the number; for links, one by which lists with pages are known. */
  param: string | null;
  /** Dotted path in the answer to the URL of the next page; for `last_item` in the item, to its id. */
  path: string;
  /** Number of the first page, or offset of the first item. */
  first: number;
  /** Param with the number of items in a page: a page with fewer is the last. */
  limit: string | null;
  /** Dotted path to the number of all items. */
  total: string | null;
  /** Dotted path to the number of all pages. */
  pages: string | null;
  /** Dotted path to what is false on the last page. */
  more: string | null;
  /** Dotted path to what is true on the last page. */
  last: string | null;
}
