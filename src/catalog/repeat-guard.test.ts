import { expect, test } from "vitest";
import { type GuardForm, guardForms, guardValue, maxGuardLength } from "#catalog/repeat-guard.js";

const shapes: Record<GuardForm, RegExp> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  hex: /^[0-9a-f]+$/,
  base32hex: /^[0-9a-v]+$/,
};

test.each(guardForms)(
  "a value of the form %s is the same for the same seed, and another for another",
  (form) => {
    const length = maxGuardLength[form];
    const of = (seed: string) => guardValue({ form, length }, seed);
    const values = Array.from({ length: 200 }, (_, i) => of(`seed ${i}`));
    expect(values.every((value) => shapes[form].test(value) && value.length === length)).toBe(true);
    expect(new Set(values).size).toBe(200);
    expect(of("seed 7")).toBe(values[7]);
  },
);

test("a value is cut to its length, and base32hex has the bits of the hash in their order", () => {
  expect(guardValue({ form: "hex", length: 24 }, "a")).toBe("ca978112ca1bbdcafac231b3");
  // 0xca978112ca is 11001 01010 01011 11000 00010 00100 10110 01010.
  expect(guardValue({ form: "base32hex", length: 8 }, "a")).toBe("pabo24ma");
});
