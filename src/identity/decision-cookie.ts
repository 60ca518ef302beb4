/** Name of the cookie that shows that a browser began the request it is to decide; its value is the request. */
export const decisionCookie = "skillett.authorization";
