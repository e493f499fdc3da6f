/**
 * Which hosts this version of Electron may connect to. Electron supports its last three major versions. An
 * older one is used only for tests and connects only to this computer, because no real key may be used with
 * it. See docs/decisions/0003-two-electrons.md.
 */
export function allowedHosts(electronVersion: string): 'any' | 'loopback-only' {
  return Number.parseInt(electronVersion, 10) >= 43 ? 'any' : 'loopback-only'
}
