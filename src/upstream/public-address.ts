import ipaddr from "ipaddr.js";

/**
 * Whether an IP address, as a literal without brackets, belongs to the public internet. Special addresses (private,
 * loopback, link-local, carrier-grade, mapped, documentation, tunnels to IPv4 …) do not.
 *
 * @see IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890)
 */
export function isPublic(address: string): boolean {
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) {
    return parsed.range() === "unicast" && !isIn(parsed, specialIpv4);
  }
  return parsed.match(globalUnicast) && !isIn(parsed, specialIpv6);
}

/**
 * Whether a host, as a URL writes it, is an address where clouds keep the metadata and credentials of their
 * machines. @see isPublic, which refuses these too
 */
export function isMetadataAddress(hostname: string): boolean {
  const literal = hostname.replace(/^\[|\]$/g, "");
  return ipaddr.isValid(literal) && isIn(ipaddr.process(literal), metadata);
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

const networks = (...texts: string[]): Network[] => texts.map((text) => ipaddr.parseCIDR(text));

function isIn(address: Address, list: Network[]): boolean {
  return list.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

/** The only part of IPv6 that IANA gives out for global unicast. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/** The special networks are ipaddr.js's, and these: */
const specialIpv4 = networks(
  // Azure's platform, which every virtual machine there reaches at a public address.
  "168.63.129.16/32",
  "0.0.0.0/8",
  "192.0.0.0/24",
  "192.88.99.0/24",
  "198.18.0.0/15",
  "240.0.0.0/4",
);

const specialIpv6 = networks(
  // IETF protocol assignments, Teredo (2001::/32) and ORCHID among them.
  "2001::/23",
  "2001:db8::/32",
  // 6to4 leads to the IPv4 address within it.
  "2002::/16",
  "3fff::/20",
);

const metadata = networks(
  "169.254.0.0/16",
  "fe80::/10",
  // Azure, Alibaba Cloud, Oracle Cloud, and the IPv6 address of AWS.
  "168.63.129.16/32",
  "100.100.100.200/32",
  "192.0.0.192/32",
  "fd00:ec2::/32",
);
