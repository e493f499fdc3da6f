import type { KeyringState } from './keyring'

const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
}
const SECRETS = 'org.freedesktop.secrets'
const SERVICE = {
  destination: SECRETS,
  path: '/org/freedesktop/secrets',
  interface: 'org.freedesktop.Secret.Service',
}

/**
 * Whether the Secret Service on the session bus at `address` has a default collection and whether it is
 * unlocked. Only reads: starting the service might show a password prompt, and creating a collection
 * certainly would.
 */
export async function probeSecretService(address: string | undefined): Promise<KeyringState> {
  if (address === undefined || address === '') return 'none'
  // Loaded on demand, because only an old version of Electron on Linux needs it.
  const { Message, sessionBus } = await import('@particle/dbus-next')
  const opened = attempt(() => sessionBus({ busAddress: address }))
  if (opened === null) return 'none'
  const bus = opened
  const broken = new Promise<never>((_, reject) => {
    bus.on('error', reject)
  })

  async function call(
    target: typeof BUS,
    member: string,
    signature: string,
    body: readonly unknown[],
  ): Promise<unknown> {
    const message = new Message({ ...target, member, signature, body: [...body] })
    const answer = await Promise.race([bus.call(message), broken])
    return answer?.body[0]
  }

  try {
    if ((await call(BUS, 'NameHasOwner', 's', [SECRETS])) !== true) return 'none'
    const path = await call(SERVICE, 'ReadAlias', 's', ['default'])
    if (typeof path !== 'string' || path === '/') return 'none'
    const properties = { destination: SECRETS, path, interface: 'org.freedesktop.DBus.Properties' }
    const locked = await call(properties, 'Get', 'ss', ['org.freedesktop.Secret.Collection', 'Locked'])
    const isUnlocked =
      typeof locked === 'object' && locked !== null && 'value' in locked && locked.value === false
    return isUnlocked ? 'open' : 'locked'
  } catch {
    return 'none'
  } finally {
    bus.disconnect()
  }
}

/** Invalid addresses such as "disabled:" throw. */
function attempt<T>(run: () => T): T | null {
  try {
    return run()
  } catch {
    return null
  }
}
