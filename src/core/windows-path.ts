const deviceName = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])[ ]*(\.|$)/i;

/**
 * Why Windows cannot hold a file of this path, "/" between its parts; null when it can. Elsewhere such a file is as good
 * as any other.
 *
 * @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
export function windowsProblem(path: string): string | null {
  for (const part of path.split("/")) {
    const [character] = /[<>:"|?*]/.exec(part) ?? [];
    if (character) return `has ${character} in its name, which Windows cannot hold: rename it`;
    if (/[. ]$/.test(part))
      return "has a name that ends in a full stop or a space, which Windows drops: rename it";
    if (deviceName.test(part)) return `has the name of a device of Windows in its path, ${part}: rename it`;
  }
  return null;
}
