/**
 * Which hosts this Electron may talk to. Electron supports its last three majors; on an older one (the test
 * runtime) no real key is in place, so it talks to this computer only. See docs/decisions/0003-two-electrons.md.
 */
export function allowedHosts(electronVersion: string): 'any' | 'loopback-only' {
  return Number.parseInt(electronVersion, 10) >= 43 ? 'any' : 'loopback-only'
}
