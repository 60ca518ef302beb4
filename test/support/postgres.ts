import { randomBytes } from "node:crypto";
import { Client } from "pg";

export interface FreshDatabase {
  /** For `DATABASE_URL`. SECRET: holds the password. */
  url: string;
  /** Also ends what is still connected to it. */
  drop(): Promise<void>;
}

/**
 * An empty database of its own on the server that `SKILLETT_TEST_DATABASE_URL` names
 * (`test/support/postgres.sh start` makes one); undefined when there is none.
 */
export async function usePostgres(): Promise<FreshDatabase | undefined> {
  const server = process.env.SKILLETT_TEST_DATABASE_URL;
  return server ? createDatabase(server) : undefined;
}

/** As `usePostgres`, with the tables of this version: a copy of a database takes a third of what migrating it takes. */
export async function useMigratedPostgres(): Promise<FreshDatabase | undefined> {
  const server = process.env.SKILLETT_TEST_DATABASE_URL;
  return server ? createDatabase(server, process.env.SKILLETT_TEST_TEMPLATE) : undefined;
}

/** @param template the name of a database to copy, to which nobody is connected */
export async function createDatabase(server: string, template = "template1"): Promise<FreshDatabase> {
  const name = `skillett_${randomBytes(6).toString("hex")}`;
  await run(server, `create database ${name} template ${template}`);
  const url = new URL(server);
  url.pathname = name;
  return {
    url: url.href,
    drop: () => run(server, `drop database if exists ${name} with (force)`),
  };
}

async function run(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
