/** Folders, none of them within another. */
export interface Places {
  /** The one that a path lies in, or is; null when there is none. */
  around(path: string): string | null;
}

interface Folder {
  isPlace: boolean;
  inner: Map<string, Folder>;
}

/** A tree of names, so that a path is looked up in one walk, however many places there are and however deep it is. */
export function createPlaces(folders: Iterable<string>): Places {
  const root: Folder = { isPlace: false, inner: new Map() };
  for (const folder of folders) add(root, folder);
  return { around: (path) => around(root, path) };
}

function add(root: Folder, place: string): void {
  let folder = root;
  for (const name of place === "" ? [] : place.split("/")) {
    if (folder.isPlace) return;
    let inner = folder.inner.get(name);
    if (!inner) {
      inner = { isPlace: false, inner: new Map() };
      folder.inner.set(name, inner);
    }
    folder = inner;
  }
  folder.isPlace = true;
  // A folder that was within it now lies in it.
  folder.inner.clear();
}

function around(root: Folder, path: string): string | null {
  let folder: Folder | undefined = root;
  let end = 0;
  while (!folder.isPlace) {
    if (end > path.length) return null;
    const next = path.indexOf("/", end);
    const stop = next === -1 ? path.length : next;
    folder = folder.inner.get(path.slice(end, stop));
    if (!folder) return null;
    end = stop + 1;
  }
  return path.slice(0, Math.max(0, end - 1));
}
