/** The format of a param that takes a file by its handle. */
export const fileFormat = "file";

/** `file_…` */
export const fileHandle = /^file_\w{1,64}$/;

interface Schema {
  format?: unknown;
  items?: Schema;
}

/** Does a param of this schema take a file, or a list of files? */
export function takesFiles({ format, items }: Schema): boolean {
  return format === fileFormat || items?.format === fileFormat;
}
