/**
 * Whether a host name or address, with or without the brackets of an IPv6 address, is this computer: 127.0.0.0/8,
 * ::1 and localhost.
 */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}
