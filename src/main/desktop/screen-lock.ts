import type { Message, MessageBus } from '@particle/dbus-next'
import type { AppStore } from '../settings/app-store'

const BUS = 'org.freedesktop.DBus'
const LOGIN = 'org.freedesktop.login1'
const SESSION = `${LOGIN}.Session`
const PROPERTIES = `${BUS}.Properties`
const SYSTEM_BUS = 'unix:path=/run/dbus/system_bus_socket'

/** What logind says once it locks a session, and once the session says that it is locked. */
const RULES = [
  `type='signal',sender='${LOGIN}',interface='${SESSION}',member='Lock'`,
  `type='signal',sender='${LOGIN}',interface='${PROPERTIES}',member='PropertiesChanged',arg0='${SESSION}'`,
]

export interface ScreenLockOptions {
  readonly store: Pick<AppStore, 'settings' | 'onSettings'>
  readonly onLock: () => void
  readonly env: NodeJS.ProcessEnv
  readonly report: (what: string, cause?: unknown) => void
}

/**
 * Linux, where Electron reports no lock: calls back when a session of this computer is locked, while the setting
 * `areSshKeysDroppedAtLock` is on. Nothing is connected before it is. Resolves once a lock is noticed, if it is on.
 */
export async function followScreenLock({ store, onLock, env, report }: ScreenLockOptions): Promise<void> {
  let watching: Promise<void> | null = null
  const isOn = (): boolean => store.settings().areSshKeysDroppedAtLock
  const watch = (): Promise<void> =>
    watchLocks(env['DBUS_SYSTEM_BUS_ADDRESS'] ?? SYSTEM_BUS, () => isOn() && onLock(), report)
  store.onSettings(() => {
    if (isOn()) watching ??= watch()
  })
  if (isOn()) await (watching ??= watch())
}

async function watchLocks(
  busAddress: string,
  onLock: () => void,
  report: ScreenLockOptions['report'],
): Promise<void> {
  const fail = (cause: unknown): void =>
    report('Locks of the screen are not noticed, so SSH keys stay unlocked', cause)
  try {
    const dbus = await import('@particle/dbus-next')
    const bus: MessageBus = dbus.sessionBus({ busAddress })
    const failed = new Promise<void>((resolve) =>
      bus.on('error', (cause: unknown) => {
        fail(cause)
        resolve()
      }),
    )
    bus.on('message', (message: Message) => {
      if (isLock(message)) onLock()
    })
    const target = { destination: BUS, path: '/org/freedesktop/DBus', interface: BUS }
    const added = RULES.map((rule) =>
      bus.call(new dbus.Message({ ...target, member: 'AddMatch', signature: 's', body: [rule] })),
    )
    // A bus that can't be reached answers nothing.
    await Promise.race([failed, Promise.all(added)])
  } catch (cause) {
    fail(cause)
  }
}

/** That somebody else says the same to this program alone does no harm. */
function isLock(message: Message): boolean {
  if (message.interface === SESSION) return message.member === 'Lock'
  if (message.interface !== PROPERTIES || message.member !== 'PropertiesChanged') return false
  const [name, changed] = message.body as readonly unknown[]
  const { LockedHint: hint } = (changed ?? {}) as { readonly LockedHint?: { readonly value?: unknown } }
  return name === SESSION && hint?.value === true
}
