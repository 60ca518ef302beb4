/** Names that belong to tools and systems, and to no skill, whoever packs or lists it; `.env` files hold secrets. */
export const leftOut =
  /^(\.git|\.svn|\.hg|\.DS_Store|__MACOSX|Thumbs\.db|node_modules|__pycache__|.*\.pyc|\.env(\..*)?)$/i;
