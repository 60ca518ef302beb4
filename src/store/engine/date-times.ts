import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PrimitiveValueListNode,
  type ValueNode,
} from "kysely";

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * For a library that thinks in `Date`: what it writes becomes ms since the epoch, as all our tables have it,
 * and what it reads from a column named `…_at` or `…_until` is a `Date` again.
 */
export function dateTimes(): KyselyPlugin {
  const transformer = new TimeTransformer();
  return {
    transformQuery: ({ node }) => transformer.transformNode(node),
    transformResult: async ({ result }) => ({
      ...result,
      rows: result.rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toDate(column, value)])),
      ),
    }),
  };
}

class TimeTransformer extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    return { ...node, value: toMs(node.value) };
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map(toMs) };
  }
}

function toMs(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "string" && isoTime.test(value) ? Date.parse(value) : value;
}

function toDate(column: string, value: unknown): unknown {
  return typeof value === "number" && /_(at|until)$/.test(column) ? new Date(value) : value;
}
