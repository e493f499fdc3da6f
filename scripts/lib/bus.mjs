/** The few questions that starting a desktop asks its session bus. */
export async function connectToBus(address) {
  // Not imported above: it is there only after npm ci.
  const { default: dbus } = await import('@particle/dbus-next')
  const bus = dbus.sessionBus({ busAddress: address })
  const call = async (destination, path, iface, member, signature, body) => {
    const message = { destination, path, interface: iface, member, signature, body }
    return (await bus.call(new dbus.Message(message))).body[0]
  }
  return {
    hasOwner: (name) =>
      call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner', 's', [
        name,
      ]),
    /** Whether a tray would show an item that registers now. */
    hasTrayHost: async () => {
      const watcher = 'org.kde.StatusNotifierWatcher'
      try {
        const property = [watcher, 'IsStatusNotifierHostRegistered']
        const properties = 'org.freedesktop.DBus.Properties'
        return (await call(watcher, '/StatusNotifierWatcher', properties, 'Get', 'ss', property)).value
      } catch {
        return false
      }
    },
    disconnect: () => bus.disconnect(),
  }
}
