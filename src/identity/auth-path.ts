/** Everything Better Auth serves lies below this path. */
export const authPath = "/auth";
/** The header in which our HTTP server tells it where a request comes from. */
export const addressHeader = "x-skillett-address";
