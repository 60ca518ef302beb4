/** A path such as `/repos/{repo}/issues`, taken apart once. */
export interface PathTemplate {
  /** The fixed text around the params: always one more than there are names. */
  texts: string[];
  names: string[];
}

export function splitPath(path: string): PathTemplate {
  const parts = path.split(/\{([^{}]*)\}/);
  return { texts: parts.filter((_, i) => i % 2 === 0), names: parts.filter((_, i) => i % 2 === 1) };
}
