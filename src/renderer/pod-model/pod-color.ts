import type { PodKey } from '../../core/pods/pod'

/** How many identity colors there are: `--p1` … `--p6` in tokens.css. */
const COLORS = 6

/**
 * The class with the identity color of a pod, `p1` … `p6`: the same on every screen and after a restart, whatever the
 * other pods are.
 */
export function podColor(podKey: PodKey): string {
  // FNV-1a, whose result is mixed once more because its lowest bits follow those of the last character.
  let hash = 0x811c9dc5
  for (let at = 0; at < podKey.length; at++) hash = Math.imul(hash ^ podKey.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return `p${(((hash ^ (hash >>> 13)) >>> 0) % COLORS) + 1}`
}
