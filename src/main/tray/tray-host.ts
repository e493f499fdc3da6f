import { createListeners } from '../../core/base/listeners'
import { sessionBusAddress, watchTrayHost } from './tray-host-watcher'

/** Which tray shows the icon: a name, or null where there is none. */
export interface TrayHost {
  name(): string | null
  /** Calls back whenever it may be another one. */
  readonly onChange: (listener: (name: string | null) => void) => () => void
}

/** Only Linux has desktops without a tray; there it is looked for. */
export function createTrayHost(report: (what: string) => void): TrayHost {
  const listeners = createListeners<[string | null]>()
  let name = process.platform === 'linux' ? null : 'system'
  function set(next: string | null): void {
    name = next
    listeners.notify(next)
  }
  if (process.platform === 'linux') void watchTrayHost(sessionBusAddress(process.env), set, report).then(set)
  return { name: () => name, onChange: listeners.add }
}
