import { UserError } from '../log.mjs'
import { inProject } from '../project.mjs'

const NOTARIZATION = ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER']

/**
 * How the app is signed: with the identity of PODKEEPER_MAC_IDENTITY, and notarized with the App Store Connect key that the
 * file APPLE_API_KEY has. Null: nothing is set, so it isn't. Throws a UserError where only some of it is set.
 */
export function readSigning(env) {
  const names = ['PODKEEPER_MAC_IDENTITY', ...NOTARIZATION]
  const missing = names.filter((name) => !env[name])
  if (missing.length === names.length) return null
  if (missing.length > 0)
    throw new UserError(`A signed app is notarized, too. Not set: ${missing.join(', ')}`)
  const [appleApiKey, appleApiKeyId, appleApiIssuer] = NOTARIZATION.map((name) => env[name])
  return {
    identity: env['PODKEEPER_MAC_IDENTITY'],
    notarization: { appleApiKey, appleApiKeyId, appleApiIssuer },
  }
}

/** Signs the bundle with the hardened runtime, has Apple notarize it, and staples the ticket to it. After its fuses are set. */
export async function signAndNotarize(app, { identity, notarization }) {
  // Imported here, because the packages exist only after npm ci.
  const { signApp } = await import('@electron/osx-sign')
  const { notarize } = await import('@electron/notarize')
  const options = { hardenedRuntime: true, entitlements: inProject('resources/mac/entitlements.plist') }
  await signApp({ app, identity, platform: 'darwin', optionsForFile: () => options })
  await notarize({ appPath: app, ...notarization })
}
