/** Set by the build. */
declare const skillettVersion: string | undefined;
declare const skillettPackage: string | undefined;

/** Version of this program; `0.0.0-source` when it runs from its sources. */
export const version = typeof skillettVersion === "string" ? skillettVersion : "0.0.0-source";

/** Package of npm that this program is in. */
export const packageName = typeof skillettPackage === "string" ? skillettPackage : "skillett";
