import type { Message, MessageBus } from '@particle/dbus-next'

const WATCHER = 'org.kde.StatusNotifierWatcher'
const WATCHER_PATH = '/StatusNotifierWatcher'
const ITEM_TAKEN = 'StatusNotifierItemRegistered'
const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
}
const PROPERTIES = 'org.freedesktop.DBus.Properties'

/** A bus that does not reply must not delay the icon for longer. */
const FIRST_ANSWER_MS = 2_000

export interface TrayHostListener {
  readonly onHost: (name: string | null) => void
  readonly onItem: () => void
}

/**
 * Watches for the program that shows tray icons. Calls back with its name whenever it changes, or null when
 * there is none. On Linux it comes and goes on the session bus (StatusNotifierItem), and it never shows an
 * icon that was created before it started. `onItem`: it took an icon, of any program. Resolves after the first result.
 */
export async function watchTrayHost(
  busAddress: string,
  { onHost, onItem }: TrayHostListener,
  report: (what: string, cause?: unknown) => void,
): Promise<string | null> {
  let current: string | null = null
  const setHost = (name: string | null): void => {
    if (name === current) return
    current = name
    onHost(name)
  }
  try {
    const dbus = await import('@particle/dbus-next')
    const bus = dbus.sessionBus({ busAddress })
    bus.on('error', (cause: unknown) => {
      report('The session bus cannot be used, so no tray can be found', cause)
      setHost(null)
    })
    const first = watchBus(bus, (fields) => new dbus.Message(fields), { onHost: setHost, onItem })
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, FIRST_ANSWER_MS))])
  } catch (cause) {
    report('No tray was found', cause)
  }
  return current
}

/** The address of this process's session bus, determined as D-Bus does. */
export function sessionBusAddress(environment: NodeJS.ProcessEnv): string {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtimeDir } = environment
  return address ?? `unix:path=${runtimeDir ?? '/run'}/bus`
}

type NewMessage = (fields: ConstructorParameters<typeof Message>[0]) => Message

async function watchBus(
  bus: MessageBus,
  newMessage: NewMessage,
  { onHost, onItem }: TrayHostListener,
): Promise<void> {
  const callBus = async (fields: ConstructorParameters<typeof Message>[0]): Promise<unknown> =>
    ((await bus.call(newMessage(fields)))?.body as readonly unknown[] | undefined)?.[0]

  /** The unique name of the watcher, if it exists and has a host. */
  async function findHost(): Promise<string | null> {
    try {
      const owner = await callBus({ ...BUS, member: 'GetNameOwner', signature: 's', body: [WATCHER] })
      const hasHost = await callBus({
        destination: WATCHER,
        path: WATCHER_PATH,
        interface: PROPERTIES,
        member: 'Get',
        signature: 'ss',
        body: [WATCHER, 'IsStatusNotifierHostRegistered'],
      })
      return typeof owner === 'string' && (hasHost as { value?: unknown } | null)?.value === true
        ? owner
        : null
    } catch {
      // The name has no owner.
      return null
    }
  }

  let lookupCount = 0
  async function refreshHost(): Promise<void> {
    lookupCount += 1
    const lookupNumber = lookupCount
    const host = await findHost()
    // Ignored when a later lookup has started.
    if (lookupNumber === lookupCount) onHost(host)
  }

  bus.on('message', (message: Message) => {
    const isAboutOwner = message.member === 'NameOwnerChanged' && (message.body as unknown[])[0] === WATCHER
    if (message.interface === WATCHER && message.member === ITEM_TAKEN) onItem()
    else if (isAboutOwner || message.interface === WATCHER) void refreshHost()
  })
  const rules = [
    `type='signal',sender='${BUS.destination}',member='NameOwnerChanged',arg0='${WATCHER}'`,
    `type='signal',interface='${WATCHER}',member='${ITEM_TAKEN}'`,
    `type='signal',interface='${WATCHER}',member='StatusNotifierHostRegistered'`,
    `type='signal',interface='${WATCHER}',member='StatusNotifierHostUnregistered'`,
  ]
  // The bus takes them in this order, so that no change is missed.
  const added = rules.map((rule) => callBus({ ...BUS, member: 'AddMatch', signature: 's', body: [rule] }))
  await Promise.all([...added, refreshHost()])
}
