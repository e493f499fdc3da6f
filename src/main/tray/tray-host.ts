import { createListeners } from '../../core/base/listeners'
import { sessionBusAddress, watchTrayHost } from './tray-host-watcher'

/** The program that shows tray icons: its name, or null when there is none. */
export interface TrayHost {
  name(): string | null
  /** Calls back when the host may have changed. */
  readonly onChange: (listener: (name: string | null) => void) => () => void
  /** Resolves after the first answer. */
  readonly known: Promise<void>
  /** Resolves once it took an icon, of any program; at once where that can't be seen. */
  readonly itemTaken: Promise<void>
}

/** Only Linux has desktops without a tray, so it is detected there. */
export function createTrayHost(report: (what: string, cause?: unknown) => void): TrayHost {
  const listeners = createListeners<[string | null]>()
  const now = Promise.resolve()
  if (process.platform !== 'linux')
    return { name: () => 'system', onChange: listeners.add, known: now, itemTaken: now }
  let name: string | null = null
  function onHost(next: string | null): void {
    name = next
    listeners.notify(next)
  }
  let onItem = (): void => {}
  const itemTaken = new Promise<void>((resolve) => (onItem = resolve))
  const known = watchTrayHost(sessionBusAddress(process.env), { onHost, onItem }, report).then(onHost)
  return { name: () => name, onChange: listeners.add, known, itemTaken }
}
