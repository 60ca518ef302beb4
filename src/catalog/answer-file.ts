/** Where the bytes of a file lie in an answer that is JSON. */
export interface AnswerFile {
  /** Dotted path of the text. */
  path: string;
  /** Both alphabets of Base64 are read, with line breaks or without. */
  encoding: "base64" | "text";
  /** Template with params for the name; null when the answer has it, or nothing does. */
  name: string | null;
  /** Dotted path of the name in the answer, or null. */
  namePath: string | null;
  /** Dotted path of the number of bytes in the answer, or null. Other bytes are refused. */
  sizePath: string | null;
}
