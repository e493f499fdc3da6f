import { findKeys, type KeyLocations } from '../keys/find-keys'
import { fingerprintOf } from '../keys/public-key'
import { fingerprintsOf, parseRegisteredKeys } from './registered-keys'

/**
 * How many keys of this computer the registered lines of an account have. `cantTell`: usable keys whose public half is
 * unknown until a passphrase is typed.
 */
export async function compareKeys(
  locations: KeyLocations,
  lines: readonly string[],
): Promise<{ readonly usable: number; readonly matching: number; readonly cantTell: number }> {
  const registered = fingerprintsOf(parseRegisteredKeys(lines))
  const usable = (await findKeys(locations, [])).filter(({ isUsable }) => isUsable)
  const known = new Set(
    usable.flatMap(({ publicKey }) => (publicKey === null ? [] : [fingerprintOf(publicKey.blob)])),
  )
  const cantTell = usable.filter(({ publicKey }) => publicKey === null).length
  return {
    usable: known.size + cantTell,
    matching: [...known].filter((fingerprint) => registered.has(fingerprint)).length,
    cantTell,
  }
}
