import { setTimeout as delay } from 'node:timers/promises'

const BUS = ['org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus']
const WATCHER = 'org.kde.StatusNotifierWatcher'

/** The icon that a process has in the tray of the desktop session at `address`, read and used as a panel does. */
export async function connectToTrayItem(address, pid) {
  const { default: dbus } = await import('@particle/dbus-next')
  const bus = dbus.sessionBus({ busAddress: address })
  const ask = async ([destination, path, iface], member, signature, body) =>
    (await bus.call(new dbus.Message({ destination, path, interface: iface, member, signature, body }))).body
  const call = async (...request) => (await ask(...request))[0]
  const property = async ([destination, path, iface], name) =>
    (await call([destination, path, 'org.freedesktop.DBus.Properties'], 'Get', 'ss', [iface, name])).value

  async function find() {
    const listed = await property(
      [WATCHER, '/StatusNotifierWatcher', WATCHER],
      'RegisteredStatusNotifierItems',
    )
    for (const entry of listed) {
      const [name] = entry.split('/')
      const path = entry.slice(name.length) || '/StatusNotifierItem'
      const owner = await call(BUS, 'GetConnectionUnixProcessID', 's', [name]).catch(() => null)
      if (owner === pid) return [name, path, 'org.kde.StatusNotifierItem']
    }
    return null
  }
  const menu = async () => {
    const item = await find()
    if (item === null) return null
    return [item[0], await property(item, 'Menu'), 'com.canonical.dbusmenu']
  }
  return {
    /** The entries of its menu with those below them; null while there is no icon. */
    async entries() {
      const target = await menu()
      if (target === null) return null
      const [, root] = await ask(target, 'GetLayout', 'iias', [0, -1, []])
      return entryOf(root).entries
    },
    /** Presses an entry; it may have been replaced since it was read, which throws. */
    async press({ id }) {
      await call(await menu(), 'Event', 'isvu', [id, 'clicked', new dbus.Variant('i', 0), 0])
    },
    disconnect: () => bus.disconnect(),
  }
}

const entryOf = ([id, properties, children]) => ({
  id,
  label: properties.label?.value ?? '',
  entries: children.map(({ value }) => entryOf(value)),
})

/** Repeats `attempt` until it gives something else than null, undefined or false; throws after `seconds`. */
export async function waitFor(what, attempt, seconds = 60) {
  const endMs = Date.now() + seconds * 1_000
  let reason = ''
  while (Date.now() < endMs) {
    try {
      const found = await attempt()
      if (found) return found
      reason = ''
    } catch (error) {
      reason = `: ${error.message}`
    }
    await delay(200)
  }
  throw new Error(`${what} did not come within ${seconds} s${reason}`)
}
