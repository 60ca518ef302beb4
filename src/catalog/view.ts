/** The names of views, each a projection of an endpoint's answer. */
export interface Views {
  /** The answer as a person or a model reads it. */
  readable?: View;
}

/** By name, the fields of an object of the answer. A list is mapped through. */
export type View = Readonly<Record<string, ViewField>>;

/** The parts are applied in the order in which they stand here. A field whose value is not there is left out. */
export interface ViewField {
  /** Dotted path of the value; null for the object itself. @see readPath */
  from: string | null;
  /** Of each item of a list, the value at this dotted path. */
  each: string | null;
  /** Reads the value, or each item of a list. */
  as: Decoder | null;
  /** Makes an object of the value, or of each item of a list. */
  fields: View | null;
  /** Stands between the items of a list, which become one text. */
  join: string | null;
  /** The members of the object stand in place of it. */
  flatten: boolean;
}

/** Ways to read a value, named by what they read. */
export const decoders = ["base64url", "html", "mime_tree", "reply_headers", "document_tree"] as const;

export type Decoder = (typeof decoders)[number];

/** Header fields that `mime_tree` gives, under their names in lower case with underscores. */
export const mailHeaders =
  "from to cc bcc reply_to subject date message_id in_reply_to references list_unsubscribe".split(" ");

/** Those of an answer to a message, which `reply_headers` gives. */
export const replyHeaders = ["to", "subject", "in_reply_to", "references"] as const;

/** The members of the object that a decoder gives; none for a decoder that gives a text. */
export const decodedFields: Partial<Record<Decoder, readonly string[]>> = {
  mime_tree: [
    ...mailHeaders,
    "text",
    ...["filename", "media_type", "size", "attachment_id"].map((name) => `attachments.${name}`),
  ],
  reply_headers: replyHeaders,
};

/** The dotted paths of everything that a view may have, as `fields` takes them. */
export function viewPaths(view: View): string[] {
  return Object.entries(view).flatMap(([name, { as, fields, flatten }]) => {
    const below = fields ? viewPaths(fields) : as && decodedFields[as];
    if (!below) return [name];
    return flatten ? below : below.map((path) => `${name}.${path}`);
  });
}
