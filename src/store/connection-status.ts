/** Status of a connection. */
export const connectionStatus = {
  connected: "connected",
  /**
   * The service refused the credential and it cannot be renewed. One that a person gave is tried again at
   * every call, and works again when the service takes it.
   */
  needsReconnect: "needs_reconnect",
  /** The row stays for the audit log; its credential is gone. */
  disconnected: "disconnected",
} as const;
