/** Better Auth's models under the names of our tables. @see store/tables.ts */

const times = { createdAt: "created_at", updatedAt: "updated_at" };

export const coreTables = {
  user: {
    modelName: "profiles",
    fields: { name: "display_name", emailVerified: "email_verified", ...times },
    additionalFields: { plan: { type: "string", defaultValue: "free", input: false, returned: false } },
  },
  session: {
    modelName: "sessions",
    fields: {
      userId: "profile_id",
      ipAddress: "ip_address",
      userAgent: "user_agent",
      expiresAt: "expires_at",
      ...times,
    },
  },
  account: {
    modelName: "login_accounts",
    fields: {
      accountId: "account_id",
      providerId: "provider_id",
      userId: "profile_id",
      accessToken: "access_token",
      refreshToken: "refresh_token",
      idToken: "id_token",
      accessTokenExpiresAt: "access_token_expires_at",
      refreshTokenExpiresAt: "refresh_token_expires_at",
      ...times,
    },
  },
  verification: { modelName: "verifications", fields: { expiresAt: "expires_at", ...times } },
} as const;

export const tenantTables = {
  session: { fields: { activeOrganizationId: "tenant_id" } },
  organization: { modelName: "tenants", fields: { createdAt: "created_at" } },
  member: {
    modelName: "memberships",
    fields: { organizationId: "tenant_id", userId: "profile_id", createdAt: "created_at" },
  },
  invitation: {
    modelName: "invitations",
    fields: {
      organizationId: "tenant_id",
      inviterId: "inviter_id",
      expiresAt: "expires_at",
      createdAt: "created_at",
    },
  },
};

export const twoFactorTables = {
  user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
  twoFactor: {
    modelName: "two_factors",
    fields: {
      backupCodes: "backup_codes",
      userId: "profile_id",
      failedVerificationCount: "failed_verification_count",
      lockedUntil: "locked_until",
    },
  },
};

export const signingKeyTables = {
  jwks: {
    modelName: "signing_keys",
    fields: {
      publicKey: "public_key",
      privateKey: "private_key",
      createdAt: "created_at",
      expiresAt: "expires_at",
    },
  },
};
