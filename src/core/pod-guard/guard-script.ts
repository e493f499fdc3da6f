import script from './guard.sh?raw'

/** In the first lines of the script and of its status file. */
export const GUARD_VERSION = 4

/**
 * The guard of a pod, as it is shown and installed. `apiBase` is where it reads and stops its pod, with the version
 * of the API; an address that isn't plain is not put into it. See docs/product-rules.md#141-guard-in-the-pod.
 */
export function guardScript(apiBase: string): string | null {
  return /^https?:\/\/[A-Za-z0-9.[\]:-]+(?:\/[\w.~-]+)*$/.test(apiBase)
    ? script.replace(/^api=.*$/m, () => `api=${apiBase}`)
    : null
}
