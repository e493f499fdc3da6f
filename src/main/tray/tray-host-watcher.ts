import type { Message, MessageBus } from '@particle/dbus-next'

const WATCHER = 'org.kde.StatusNotifierWatcher'
const WATCHER_PATH = '/StatusNotifierWatcher'
const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
}
const PROPERTIES = 'org.freedesktop.DBus.Properties'

/** A bus that does not answer must not keep the icon away for longer. */
const FIRST_ANSWER_MS = 2_000

/**
 * Finds the tray on which an icon can be seen, and calls back with its name whenever another one is there, or with
 * null when none is. On Linux a tray is a program of the desktop that comes and goes on the session bus
 * (StatusNotifierItem); an icon that was made before it came is never shown by it. Ends with the first finding.
 */
export async function watchTrayHost(
  busAddress: string,
  onChange: (name: string | null) => void,
  report: (what: string, cause?: unknown) => void,
): Promise<string | null> {
  let current: string | null = null
  const find = (name: string | null): void => {
    if (name === current) return
    current = name
    onChange(name)
  }
  try {
    const dbus = await import('@particle/dbus-next')
    const bus = dbus.sessionBus({ busAddress })
    bus.on('error', (cause: unknown) => {
      report('The session bus cannot be used, so no tray is known', cause)
      find(null)
    })
    const first = watch(bus, (fields) => new dbus.Message(fields), find)
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, FIRST_ANSWER_MS))])
  } catch (cause) {
    report('No tray was found', cause)
  }
  return current
}

/** Where the session bus of this process is, as D-Bus looks for it. */
export function sessionBusAddress(environment: NodeJS.ProcessEnv): string {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtimeDir } = environment
  return address ?? `unix:path=${runtimeDir ?? '/run'}/bus`
}

type NewMessage = (fields: ConstructorParameters<typeof Message>[0]) => Message

async function watch(
  bus: MessageBus,
  newMessage: NewMessage,
  find: (name: string | null) => void,
): Promise<void> {
  const ask = async (fields: ConstructorParameters<typeof Message>[0]): Promise<unknown> =>
    ((await bus.call(newMessage(fields)))?.body as readonly unknown[] | undefined)?.[0]

  /** The unique name of the watcher, if one is there and has a tray. */
  async function look(): Promise<string | null> {
    try {
      const owner = await ask({ ...BUS, member: 'GetNameOwner', signature: 's', body: [WATCHER] })
      const has = await ask({
        destination: WATCHER,
        path: WATCHER_PATH,
        interface: PROPERTIES,
        member: 'Get',
        signature: 'ss',
        body: [WATCHER, 'IsStatusNotifierHostRegistered'],
      })
      return typeof owner === 'string' && (has as { value?: unknown } | null)?.value === true ? owner : null
    } catch {
      // Nobody has the name.
      return null
    }
  }

  let looks = 0
  async function lookAgain(): Promise<void> {
    looks += 1
    const own = looks
    const found = await look()
    // A later look knows better.
    if (own === looks) find(found)
  }

  bus.on('message', (message: Message) => {
    const isAboutOwner = message.member === 'NameOwnerChanged' && (message.body as unknown[])[0] === WATCHER
    if (isAboutOwner || message.interface === WATCHER) void lookAgain()
  })
  const rules = [
    `type='signal',sender='${BUS.destination}',member='NameOwnerChanged',arg0='${WATCHER}'`,
    `type='signal',interface='${WATCHER}',member='StatusNotifierHostRegistered'`,
    `type='signal',interface='${WATCHER}',member='StatusNotifierHostUnregistered'`,
  ]
  for (const rule of rules) await ask({ ...BUS, member: 'AddMatch', signature: 's', body: [rule] })
  await lookAgain()
}
