import type * as routes from "#contract/device.js";
import type { Api } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import type { DeviceLogin } from "#identity/device-login.js";
import { readUserCode, showUserCode } from "#identity/user-code.js";

/** The routes by which a person sees and decides the request of a device. */
export function createDeviceApi({ deviceLogin }: { deviceLogin: DeviceLogin }): Api<typeof routes> {
  return {
    async getDeviceRequest({ caller, query, address }) {
      const device = await deviceLogin.see(caller, { userCode: query.user_code, address });
      return {
        user_code: showUserCode(readUserCode(query.user_code)),
        device_name: device.device_name,
        client_id: device.client_id,
        address: device.address,
        scopes: JSON.parse(device.scopes) as string[],
        requested_at: isoTime(device.created_at),
        expires_at: isoTime(device.expires_at),
      };
    },
    async authorizeDevice({ caller, body, address }) {
      await deviceLogin.approve(caller, { userCode: body.user_code, address }, body.scopes);
      return { status: "authorized" };
    },
    async denyDevice({ caller, body, address }) {
      await deviceLogin.deny(caller, { userCode: body.user_code, address });
      return { status: "denied" };
    },
  };
}
