import type { GraphQLField, GraphQLNamedType, GraphQLObjectType, GraphQLOutputType } from "graphql";
import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from "graphql/type/definition.js";

/** Fields of the thing that is asked for, and of others that stand in it. */
const maxFields = 60;
const maxBriefFields = 8;
const maxMembers = 10;
/** Names of the fields that tell one thing from another. */
const telling = "id key identifier number name title label email url slug state status type".split(" ");
/** Objects within each other; a payload and a connection are around the thing itself. */
const maxDepth = 2;

/** The list in an answer, where it goes on. */
export interface Connection {
  /** Field of the list: `nodes`. */
  items: string;
}

type Fields = Readonly<Record<string, GraphQLField<unknown, unknown>>>;

/** The selection set for a type, without braces; empty for a leaf. */
export function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return "";
  return select(named, 0);
}

/** @see https://relay.dev/graphql/connections.htm */
export function connectionOf(type: GraphQLOutputType): Connection | null {
  const named = getNamedType(type);
  if (!isObjectType(named)) return null;
  const { pageInfo, nodes } = fieldsOf(named);
  const info = pageInfo ? getNamedType(pageInfo.type) : null;
  if (!isObjectType(info) || !info.getFields().endCursor || !info.getFields().hasNextPage) return null;
  return nodes && isMany(nodes.type) ? { items: "nodes" } : null;
}

/** Those that nobody has to give anything for, and that will stay. */
function fieldsOf(type: GraphQLNamedType): Fields {
  if (!isObjectType(type) && !isInterfaceType(type)) return {};
  const usable = Object.entries(type.getFields()).filter(
    ([, { args, deprecationReason }]) => deprecationReason == null && !args.some(isRequiredArgument),
  );
  return Object.fromEntries(usable);
}

function select(type: GraphQLNamedType, depth: number): string {
  if (isUnionType(type)) {
    const members = type.getTypes().slice(0, maxMembers);
    return ["__typename", ...members.map((it) => `... on ${it.name} { ${brief(it) || "__typename"} }`)].join(
      " ",
    );
  }
  const fields = fieldsOf(type);
  const connection = isObjectType(type) ? connectionOf(type) : null;
  if (connection !== null) {
    const item = getNamedType(fields[connection.items]!.type);
    return `${connection.items} { ${selectItem(item, depth)} } pageInfo { hasNextPage endCursor }`;
  }
  const leaves = leavesOf(fields).slice(0, maxFields);
  // A payload has little beside the thing that it is about.
  const isPayload = depth === 0 && leaves.length <= 3;
  const objects = Object.values(fields).filter(({ type: inner }) => isOne(inner));
  const nested = objects.slice(0, maxFields).flatMap(({ name, type: inner }) => {
    const object = getNamedType(inner);
    const inside = isPayload && depth < maxDepth ? selectItem(object, depth + 1) : brief(object);
    return inside === "" ? [] : [`${name} { ${inside} }`];
  });
  return [...leaves, ...nested].join(" ") || "__typename";
}

function selectItem(type: GraphQLNamedType, depth: number): string {
  return isLeafType(type) ? "" : select(type, depth + 1);
}

/** The few fields by which one knows a thing. */
function brief(type: GraphQLNamedType): string {
  const leaves = leavesOf(fieldsOf(type));
  const known = telling.filter((name) => leaves.includes(name));
  return (known.length > 0 ? known : leaves).slice(0, maxBriefFields).join(" ");
}

const leavesOf = (fields: Fields) =>
  Object.values(fields)
    .filter(({ name, type }) => isLeafType(getNamedType(type)) && !name.startsWith("_"))
    .map(({ name }) => name);

const nullable = (type: GraphQLOutputType) => (isNonNullType(type) ? type.ofType : type);
const isMany = (type: GraphQLOutputType) => isListType(nullable(type));

/** An object that is there once, and no page of others. */
function isOne(type: GraphQLOutputType): boolean {
  const named = getNamedType(type);
  return !isMany(type) && isObjectType(named) && connectionOf(named as GraphQLObjectType) === null;
}
