export interface Page {
  url: string;
  /** 0 for a page that was not asked for, see `stopAt`. */
  status: number;
  html: string;
}

export interface SignIn {
  /** As the consent page shows them: login, name or email address. */
  as?: string;
  /** Press Cancel instead. */
  deny?: boolean;
  /** Origin whose pages are not asked for: the redirect there is the result, so that a test can tamper with it. */
  stopAt?: string;
}

export interface Browser {
  /** Follows redirects. */
  open(url: string, options?: Pick<SignIn, "stopAt">): Promise<Page>;
  /**
   * Opens a provider's authorize URL, presses the button of the wanted user if there is a page to consent, and
   * follows to where that leads. A page of the provider without forms, an error or another callback, is the result.
   */
  signIn(url: string, options?: SignIn): Promise<Page>;
}

const maxRedirects = 10;

/** What a person's browser does with plain HTML, with cookies of its own. */
export function createBrowser(): Browser {
  const cookies = new Map<string, Map<string, string>>();

  async function load(start: string, init: RequestInit, stopAt?: string): Promise<Page> {
    let [url, request] = [start, init];
    for (let hops = 0; hops <= maxRedirects; hops++) {
      const { origin } = new URL(url);
      if (origin === stopAt) return { url, status: 0, html: "" };
      const cookie = [...(cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
      const headers = { accept: "text/html,*/*;q=0.8", ...(cookie && { cookie }) };
      const response = await fetch(url, { ...request, headers, redirect: "manual" });
      keepCookies(origin, response);
      const location = response.headers.get("location");
      if (!location) return { url, status: response.status, html: await response.text() };
      await response.body?.cancel();
      url = new URL(location, url).href;
      request = {};
    }
    throw new Error(`More than ${maxRedirects} redirects, the last to ${url}`);
  }

  function keepCookies(origin: string, { headers }: Response): void {
    const jar = cookies.get(origin) ?? new Map<string, string>();
    for (const cookie of headers.getSetCookie()) {
      const [, name = "", value = "", rest = ""] = /^([^=;]+)=([^;]*)(.*)$/.exec(cookie) ?? [];
      if (/max-age=(0|-)/i.test(rest)) jar.delete(name);
      else jar.set(name, value);
    }
    cookies.set(origin, jar);
  }

  return {
    open: (url, { stopAt } = {}) => load(url, {}, stopAt),
    async signIn(url, { as = "octocat", deny = false, stopAt } = {}) {
      const page = await load(url, {}, stopAt);
      const forms = formsOf(page.html);
      if (forms.length === 0 || new URL(page.url).origin !== new URL(url).origin) return page;
      const form = forms.find(({ texts }) => texts.includes(deny ? "Cancel" : as));
      if (!form) throw new Error(`Nobody to sign in as "${as}" at ${page.url}: ${JSON.stringify(forms)}`);
      const body = new URLSearchParams(form.fields);
      return load(new URL(form.action, page.url).href, { method: "POST", body }, stopAt);
    },
  };
}

/** With a browser of its own. */
export function signIn(url: string, options: SignIn = {}): Promise<Page> {
  return createBrowser().signIn(url, options);
}

interface Form {
  action: string;
  fields: Record<string, string>;
  /** The pieces of text in it. */
  texts: string[];
}

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, tag = "", inner = ""]) => {
    const named = [...inner.matchAll(/<(?:input|button)\b([^>]*)>/g)].map(([, field = ""]) => [
      attribute(field, "name"),
      attribute(field, "value"),
    ]);
    const texts = inner.split(/<[^>]*>/).map((text) => unescaped(text.trim()));
    return {
      action: attribute(tag, "action"),
      fields: Object.fromEntries(named.filter(([name]) => name)),
      texts: texts.filter((text) => text !== ""),
    };
  });
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", amp: "&" };

function unescaped(text: string): string {
  return text.replaceAll(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}
