import type { Page } from "playwright-core";
import { password } from "#support/visitor.js";

/** What people do on the pages, as they see them: by label and by the words on a button. */

/** What somebody types to make an account. */
export interface Account {
  name: string;
  email: string;
  password: string;
}

export const ada: Account = { name: "Ada", email: "ada@example.com", password };

export async function signUp(page: Page, { name, email, password }: Account): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("heading", { name: "Your account" }).waitFor();
}

/** On the sign-in page. */
export async function signIn(page: Page, { email, password }: Omit<Account, "name">): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.goto("/account");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await heading(page, "Sign in");
}

/** Waits for the page with this title. */
export async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
}
