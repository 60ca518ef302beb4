/** A secret as it is, and as encodings would hide it: for looking through text, or through bytes read as Latin-1. */
export function spellings(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret as Buffer);
  const hex = bytes.toString("hex");
  return [
    bytes.toString("latin1"),
    hex,
    hex.toUpperCase(),
    // The end depends on what comes after it.
    bytes.toString("base64").slice(0, -4),
    bytes.toString("base64url").slice(0, -4),
    [...bytes].join(","),
    ...(typeof secret === "string" ? [secret, encodeURIComponent(secret)] : []),
  ];
}
