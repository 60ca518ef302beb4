/** Bytes of a path of a skill's file. */
const longestPath = 512;
const directoryName = /^[\p{Ll}\p{Lm}\p{Lo}\p{N}]+(-[\p{Ll}\p{Lm}\p{Lo}\p{N}]+)*$/u;

/** Is it the path of a file that stays in its folder, on every system? "/" between its parts. */
export function isInnerPath(path: string): boolean {
  if (path === "" || Buffer.byteLength(path) > longestPath) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\\\x00-\x1f\x7f]/.test(path) || /^[A-Za-z]:\//.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

const deviceName = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\..*)?$/i;

/**
 * Why Windows cannot hold a file of this path, which others of a project may want to check out there; undefined
 * when it can.
 *
 * @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
export function windowsProblem(path: string): string | undefined {
  for (const part of path.split("/")) {
    const [character] = /[<>:"|?*]/.exec(part) ?? [];
    if (character) return `no name on Windows may have ${character}`;
    if (/[. ]$/.test(part)) return "no name on Windows may end in a full stop or a space";
    if (deviceName.test(part)) return `${part} is the name of a device on Windows`;
  }
  return undefined;
}

/**
 * May a skill, and so its folder, be named so?
 *
 * @see https://agentskills.io/specification (name)
 */
export function isSkillName(name: string): boolean {
  return directoryName.test(name) && [...name].length <= 64;
}
