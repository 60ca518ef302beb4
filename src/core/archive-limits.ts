const mebibyte = 1024 * 1024;

/** Limits of an archive of skills: the server refuses more, and clients say so before they send it. */
export const archiveLimits = {
  packedBytes: 50 * mebibyte,
  /** Of all skills in it together. */
  unpackedBytes: 200 * mebibyte,
  fileBytes: 10 * mebibyte,
  /** Files of one skill. */
  skillFiles: 5000,
};
