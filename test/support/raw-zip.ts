import { crc32, deflateRawSync } from "node:zlib";

/** An entry of a zip that need not be true. */
export interface RawEntry {
  name: string | Buffer;
  content?: string | Buffer;
  /** Unix mode with its type. */
  mode?: number;
  flags?: number;
  method?: number;
  /** Instead of what it has. */
  size?: number;
  crc?: number;
}

/** Writes a zip as it is told to, for tests of what programs would not write. @see PKWARE APPNOTE §4.3 */
export function rawZip(...entries: RawEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = rawEntry(entry, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function rawEntry(entry: RawEntry, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(entry.name as string);
  const content = Buffer.from((entry.content ?? "") as string);
  const { method = 8, flags = 0x0800, mode = 0o100644 } = entry;
  const packed = method === 8 ? deflateRawSync(content) : content;
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(flags, 2);
  facts.writeUInt16LE(method, 4);
  facts.writeUInt32LE(entry.crc ?? crc32(content), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(entry.size ?? content.length, 18);
  facts.writeUInt16LE(name.length, 22);
  const made = Buffer.from([20, 3]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(mode * 0x10000, 6);
  rest.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([signature(0x04034b50), facts, name, packed]),
    central: Buffer.concat([signature(0x02014b50), made, facts, rest, name]),
  };
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
