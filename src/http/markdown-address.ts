import { negotiate } from "@fastify/accept-negotiator";

const page = /^(\/v1\/skills\/[^/?]+\/[^/?]+)(?=$|\?)/;
const markdown = "text/markdown";

/**
 * The address of the page of an endpoint in Markdown, for a request that would rather have that than JSON; of any other
 * request, the address as it is.
 *
 * @see RFC 9110 §12.5.1 (Accept)
 */
export function markdownAddress(url: string, accept: string | undefined): string {
  // Nearly every request ends here: the header is only taken apart where it names the type.
  if (!accept?.includes(markdown) || !page.test(url) || /\.md(?=$|\?)/.test(url)) return url;
  return negotiate(accept, [markdown, "application/json"]) === markdown ? url.replace(page, "$1.md") : url;
}
