/** Bytes of a path of a skill's file. */
const maxPathBytes = 512;
const directoryName = /^[\p{Ll}\p{Lm}\p{Lo}\p{N}]+(-[\p{Ll}\p{Lm}\p{Lo}\p{N}]+)*$/u;

/** Is it the path of a file that stays in its folder, on every system? "/" between its parts. */
export function isInnerPath(path: string): boolean {
  if (path === "" || Buffer.byteLength(path) > maxPathBytes) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\\\x00-\x1f\x7f]/.test(path) || /^[A-Za-z]:\//.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/**
 * May a skill, and so its folder, be named so?
 *
 * @see https://agentskills.io/specification (name)
 */
export function isSkillName(name: string): boolean {
  return directoryName.test(name) && [...name].length <= 64;
}
