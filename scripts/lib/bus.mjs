/** The few D-Bus calls that opening a desktop session needs. */
export async function connectToBus(address) {
  // Imported here, because the package exists only after npm ci.
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
    /** Whether a tray host is running that would show a newly registered item. */
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
