import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBrowser, signIn } from "#support/browser.js";
import { closeServer, listen } from "#support/loopback.js";

/** One server is the provider, the other whom it sends the browser back to. */
const provider = createServer((request, response) => void answer(request, response));
const site = createServer(({ url, method }, response) =>
  response.end(`<form action="/close"><button>Close</button></form>${method} ${url}`),
);
let [providerUrl, siteUrl] = ["", ""];
beforeAll(async () => {
  [providerUrl, siteUrl] = [await listen(provider), await listen(site)];
});
afterAll(async () => {
  await closeServer(provider);
  await closeServer(site);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const { pathname } = new URL(request.url ?? "", providerUrl);
  const goTo = (location: string, headers = {}) => response.writeHead(302, { ...headers, location }).end();
  if (pathname === "/start") goTo("/consent", { "set-cookie": ["session=1; Path=/; HttpOnly", "b=2"] });
  else if (pathname === "/loop") goTo("/loop");
  else if (pathname === "/straight") goTo(`${siteUrl}/callback?code=1`);
  else if (pathname === "/submit") goTo(`${siteUrl}/callback?${body}`, { "set-cookie": "b=; Max-Age=0" });
  else response.end(request.headers.cookie === "session=1; b=2" ? consentPage : "No cookies");
}

const form = (user: string, label: string) => `<form method="post" action="/submit">
  <input type="hidden" name="user" value="${user}"/><button type="submit"><b> ${label} </b></button></form>`;
const consentPage = form("1", "Ann") + form("2&amp;3", "Bob &amp; Co") + form("none", "Cancel");

test.each([
  [{ as: "Ann" }, "user=1"],
  [{ as: "Bob & Co" }, "user=2%263"],
  [{ as: "Ann", deny: true }, "user=none"],
])("a sign-in with %o presses the right button and ends on the page it leads to", async (options, query) => {
  const page = await signIn(`${providerUrl}/start`, options);
  expect(page).toMatchObject({ url: `${siteUrl}/callback?${query}`, status: 200 });
  expect(page.html).toContain(`GET /callback?${query}`);
});

test("a sign-in stops before the page of another origin", async () => {
  const page = await signIn(`${providerUrl}/start`, { as: "Ann", stopAt: siteUrl });
  expect(page).toEqual({ url: `${siteUrl}/callback?user=1`, status: 0, html: "" });
});

test("a sign-in leaves the forms of other sites alone", async () => {
  const page = await signIn(`${providerUrl}/straight`, { as: "Ann" });
  expect(page.url).toBe(`${siteUrl}/callback?code=1`);
});

test("a sign-in as somebody unknown names who is not there", async () => {
  await expect(signIn(`${providerUrl}/start`, { as: "Eve" })).rejects.toThrow(/Nobody to sign in as "Eve"/);
});

test("a browser keeps its cookies, and drops those that end", async () => {
  const browser = createBrowser();
  expect((await browser.open(`${providerUrl}/start`)).html).toBe(consentPage);
  await browser.signIn(`${providerUrl}/consent`, { as: "Ann" });
  expect((await browser.open(`${providerUrl}/consent`)).html).toBe("No cookies");
  expect((await createBrowser().open(`${providerUrl}/consent`)).html).toBe("No cookies");
});

test("a browser does not go round in circles", async () => {
  await expect(createBrowser().open(`${providerUrl}/loop`)).rejects.toThrow(/More than 10 redirects/);
});
