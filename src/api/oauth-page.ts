import { page } from "#api/page.js";
import { html } from "#core/html.js";

/** The error page of the authorization server, for a request that cannot be answered by a redirect to its program. */
export function oauthErrorPage({
  code,
  description,
}: {
  code: string;
  description: string | undefined;
}): string {
  const why = description ? `: ${description}` : "";
  return page(
    "This request does not work",
    html`<p>The program that sent you here asks for something that cannot be answered, so nothing was allowed.</p>
    <pre>${code}${why}</pre>
    <p>Go back to it and try again. If it goes on like this, its makers want to know what stands above.</p>`,
  );
}
