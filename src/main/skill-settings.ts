import path from "node:path";
import type { WebhookSettings } from "#skills/tasks/webhook.js";

export interface SkillSettings {
  /** SECRET. The receiver of messages about new tasks and decisions. */
  webhook: WebhookSettings | undefined;
  /** Directories of skill folders, offered to every tenant. */
  skillDirs: string[];
  /** Of the references that come along with a query, at most; estimated. */
  skillQueryTokens: number;
}

type Env = Record<string, string | undefined>;

const minSecretBytes = 16;
const defaultQueryTokens = 8000;
const maxQueryTokens = 1_000_000;

/** `SKILLETT_WEBHOOK_URL`, `SKILLETT_WEBHOOK_SECRET`, `SKILLETT_SKILLS_DIR`, `SKILLETT_SKILL_QUERY_TOKENS`. */
export function readSkillSettings(env: Env, problems: string[]): SkillSettings {
  return {
    webhook: readWebhook(env, problems),
    skillDirs: (env.SKILLETT_SKILLS_DIR ?? "")
      .split(path.delimiter)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ""),
    skillQueryTokens: readQueryTokens(env, problems),
  };
}

function readQueryTokens(env: Env, problems: string[]): number {
  const text = env.SKILLETT_SKILL_QUERY_TOKENS?.trim();
  if (!text) return defaultQueryTokens;
  if (/^\d+$/.test(text) && Number(text) <= maxQueryTokens) return Number(text);
  problems.push(`SKILLETT_SKILL_QUERY_TOKENS must be a whole number from 0 to ${maxQueryTokens}.`);
  return defaultQueryTokens;
}

function readWebhook(env: Env, problems: string[]): WebhookSettings | undefined {
  const url = env.SKILLETT_WEBHOOK_URL?.trim();
  const text = env.SKILLETT_WEBHOOK_SECRET?.trim();
  if (!url && !text) return undefined;
  if (!url || !isHttp(url)) {
    problems.push("SKILLETT_WEBHOOK_URL must look like https://hooks.example.com/skillett.");
    return undefined;
  }
  const secret = webhookSecret(text ?? "");
  if (secret.length >= minSecretBytes) return { url, secret };
  problems.push(
    `SKILLETT_WEBHOOK_SECRET must be set beside SKILLETT_WEBHOOK_URL and have ${minSecretBytes} bytes or more. Make one with: echo whsec_$(openssl rand -base64 32)`,
  );
  return undefined;
}

/** `whsec_` and Base64, as Standard Webhooks writes it; any other text stands for its own bytes. */
function webhookSecret(text: string): Buffer {
  const [, encoded] = /^whsec_(.*)$/.exec(text) ?? [];
  return encoded === undefined ? Buffer.from(text) : Buffer.from(encoded, "base64");
}

function isHttp(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && !username && !password;
}
