const mebibyte = 1024 * 1024;

/** Bounds of what a server may have of tools; `toolBytes` are of one, `bytes` of all together. */
export const listLimits = { tools: 1_000, pages: 50, toolBytes: 64 * 1024, bytes: 8 * mebibyte };
