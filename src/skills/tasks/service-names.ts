import type { Catalog } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import { badRequest } from "#core/errors.js";

/** Letters and digits alone: "Google Calendar" and google_calendar are google-calendar. */
const fold = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The integration that is meant, by slug or name, on or off. */
export function integrationMeant({ known }: Catalog, text: string): Integration | undefined {
  const meant = fold(text);
  if (meant === "") return undefined;
  return (
    known.get(text) ??
    [...known.values()].find(({ slug, name }) => fold(slug) === meant || fold(name) === meant)
  );
}

/**
 * The name of a service that there is no integration for, as it is kept and shown to people: one line, nothing
 * invisible in it, and the same however it is capitalised, so that equal wishes are one.
 */
export function serviceWished(text: string): string {
  const name = text.normalize("NFKC").replace(/\s+/gu, " ").replace(/\p{C}/gu, "").trim().toLowerCase();
  if (/[\p{L}\p{N}]/u.test(name)) return name;
  throw badRequest([{ at: "subject", message: "must name a service, such as github or jira" }]);
}
