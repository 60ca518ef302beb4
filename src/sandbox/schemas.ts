import Type from "typebox";
import { people } from "#sandbox/things.js";

/** Schemas of what the sandbox takes. Its own bounds: the endpoint files say the same to whoever calls. */

export const strict = <T extends Type.TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

export const line = () => Type.String({ minLength: 1, maxLength: 200 });
export const text = () => Type.String({ maxLength: 20_000 });
export const id = () => Type.Integer({ minimum: 1, maximum: 999_999_999 });
export const login = () => Type.Enum(people.map((it) => it.login));
export const time = () => Type.String({ format: "date-time", maxLength: 40 });
export const labels = () => Type.Array(Type.String({ minLength: 1, maxLength: 50 }), { maxItems: 20 });
export const addresses = (minItems: number) =>
  Type.Array(Type.String({ format: "email", maxLength: 254 }), { minItems, maxItems: 20 });
