import type { Tables } from "#store/schema/tables.js";

/** Names of the rows that boxes are bound to. Never changed: what is sealed would not open any more. */
export const sealedRow = {
  credential: (tenantId: string, connectionId: string) => `credentials/${tenantId}/${connectionId}`,
  idempotencyKey: (tenantId: string, profileId: string, keyHash: string) =>
    `idempotency_keys/${tenantId}/${profileId}/${keyHash}`,
  result: (tenantId: string, id: string) => `results/${tenantId}/${id}`,
  fileChunk: (tenantId: string, fileId: string, number: number | string) =>
    `files/${tenantId}/${fileId}/${number}`,
  connectAttempt: (tenantId: string, id: string) => `connect_attempts/${tenantId}/${id}`,
  providerClient: (provider: string) => `provider_clients/${provider}`,
  integrationClient: (tenantId: string, slug: string) => `integration_clients/${tenantId}/${slug}`,
  listingSource: (tenantId: string, name: string) => `listing_sources/${tenantId}/${name}`,
  serverSecret: (name: string) => `server_secrets/${name}`,
  oauthArtifact: (id: string) => `oauth_artifacts/${id}`,
};

/** A column that holds boxes of the vault, or null. */
export interface SealedColumn {
  table: keyof Tables;
  column: string;
  /** The table's primary key, in order. */
  key: string[];
  /** The name of the row with this key. */
  row(...key: string[]): string;
  /** Boxes in memory at once. */
  pageRows: number;
}

const pageRows = 50;
/** An answer that is kept whole may have eight million bytes. */
const pageAnswers = 4;
/** A chunk of a file has 256 KiB. */
const pageChunks = 16;

/** All of them: what is not in this list is not sealed anew when keys are rotated. */
export const sealedColumns: SealedColumn[] = [
  sealedColumn("credentials", "box", ["tenant_id", "connection_id"], sealedRow.credential),
  sealedColumn(
    "idempotency_keys",
    "answer",
    ["tenant_id", "profile_id", "key_hash"],
    sealedRow.idempotencyKey,
    pageAnswers,
  ),
  sealedColumn("results", "box", ["tenant_id", "id"], sealedRow.result, pageAnswers),
  sealedColumn("file_chunks", "box", ["tenant_id", "file_id", "number"], sealedRow.fileChunk, pageChunks),
  sealedColumn("connect_attempts", "box", ["tenant_id", "id"], sealedRow.connectAttempt),
  sealedColumn("provider_clients", "box", ["provider"], sealedRow.providerClient),
  sealedColumn("integration_clients", "box", ["tenant_id", "slug"], sealedRow.integrationClient),
  sealedColumn("listing_sources", "box", ["tenant_id", "name"], sealedRow.listingSource),
  sealedColumn("server_secrets", "box", ["name"], sealedRow.serverSecret),
  sealedColumn("oauth_artifacts", "box", ["id"], sealedRow.oauthArtifact),
];

function sealedColumn<Table extends keyof Tables, Key extends string[]>(
  table: Table,
  column: keyof Tables[Table] & string,
  key: { [Part in keyof Key]: keyof Tables[Table] & string },
  row: (...key: Key) => string,
  rows = pageRows,
): SealedColumn {
  return { table, column, key: [...key], row: row as (...key: string[]) => string, pageRows: rows };
}
