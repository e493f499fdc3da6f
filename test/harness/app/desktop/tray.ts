import { createHash } from 'node:crypto'
import { type Message, type MessageBus, Variant } from '@particle/dbus-next'
import { BUS, call, connect, property, type BusTarget, unwrapped } from './bus'
import { trayText } from '../../../../src/main/tray/tray-text'
import type { RunningApp } from '../start/launch'
import { waitUntil } from '../act/wait-until'

const WATCHER = {
  name: 'org.kde.StatusNotifierWatcher',
  path: '/StatusNotifierWatcher',
  interface: 'org.kde.StatusNotifierWatcher',
}

export interface MenuItem {
  readonly id: number
  readonly label: string
  readonly isSeparator: boolean
  readonly isEnabled: boolean
  /** Null if the item has no check mark. */
  readonly isChecked: boolean | null
  readonly children: readonly MenuItem[]
}

/**
 * The app's item in the real tray, read and operated over D-Bus as the panel does. Each call reads the menu again,
 * since Electron assigns new item ids whenever the menu changes.
 */
export class TrayItem {
  private constructor(
    private readonly bus: MessageBus,
    private readonly item: BusTarget,
  ) {}

  /**
   * Waits until the panel lists the item of this process, and the app is connected with it. `busAddress` selects a
   * desktop other than the tests'.
   */
  static async of({ pid }: Pick<RunningApp, 'pid'>, busAddress?: string): Promise<TrayItem> {
    const bus = connect(busAddress)
    return waitUntil(`a tray item of process ${pid}, connected with the app`, async () => {
      const item = await itemOf(bus, pid)
      if (item === null) return null
      const tray = new TrayItem(bus, item)
      // An item that was replaced since it was listed doesn't answer.
      const tooltip = await tray.tooltip().catch(() => null)
      return tooltip === null || tooltip === trayText.starting.tooltip ? null : tray
    })
  }

  disconnect(): void {
    this.bus.disconnect()
  }

  async tooltip(): Promise<string> {
    const [, , title, text] = (await property(this.bus, this.item, 'ToolTip')) as readonly string[]
    return [title, text].filter(Boolean).join('\n')
  }

  /** Identifies the icon: equal pixels give equal names. */
  async iconHash(): Promise<string> {
    const pixmaps = (await property(this.bus, this.item, 'IconPixmap')) as readonly [
      number,
      number,
      Uint8Array,
    ][]
    if (pixmaps.length === 0) throw new Error('the tray item has no picture')
    const hash = createHash('sha256')
    for (const [width, height, pixels] of pixmaps) hash.update(`${width}x${height}:`).update(pixels)
    return hash.digest('hex').slice(0, 16)
  }

  /** A left click. */
  async activate(): Promise<void> {
    await call(this.bus, this.item, 'Activate', 'ii', [0, 0])
  }

  async menu(): Promise<readonly MenuItem[]> {
    const layout = (await call(this.bus, await this.menuTarget(), 'GetLayout', 'iias', [0, -1, []])) as [
      number,
      unknown,
    ]
    return menuItemOf(layout[1]).children
  }

  /** Clicks the item at the end of this path of labels, as in `choose('training-run', 'Stop')`. */
  async choose(...labels: readonly string[]): Promise<void> {
    for (;;) {
      const id = await this.idOf(labels)
      const click = [id, 'clicked', new Variant('i', 0), 0]
      try {
        await call(this.bus, await this.menuTarget(), 'Event', 'isvu', click)
        return
      } catch (cause) {
        // The menu was replaced since it was read, so that nothing was clicked.
        if ((await this.idOf(labels)) === id) throw cause
      }
    }
  }

  private async idOf(labels: readonly string[]): Promise<number> {
    let items = await this.menu()
    let chosen: MenuItem | undefined
    for (const label of labels) {
      chosen =
        items.find((item) => item.label === label) ??
        // An idle pod says how long, and what that costs.
        items.find((item) => item.label.startsWith(`${label} · `))
      if (!chosen)
        throw new Error(`no "${label}" in the menu: ${items.map((item) => item.label || '—').join(', ')}`)
      items = chosen.children
    }
    if (!chosen?.isEnabled) throw new Error(`"${labels.join(' › ')}" is greyed out`)
    return chosen.id
  }

  /** Counts how often the menu is replaced from now on. */
  async countMenuChanges(): Promise<() => number> {
    const { path } = await this.menuTarget()
    let changes = 0
    this.bus.on('message', (message: Message) => {
      if (message.member === 'LayoutUpdated' && message.path === path) changes += 1
    })
    const rule = `type='signal',sender='${this.item.name}',interface='com.canonical.dbusmenu'`
    await call(this.bus, { ...BUS, interface: BUS.name }, 'AddMatch', 's', [rule])
    return () => changes
  }

  private async menuTarget(): Promise<BusTarget> {
    const path = (await property(this.bus, this.item, 'Menu')) as string
    return { name: this.item.name, path, interface: 'com.canonical.dbusmenu' }
  }
}

/** Notes when the panel is told of a new item, by any process. */
export async function followTrayItems(): Promise<{ firstAtMs(): number | null; end(): void }> {
  const bus = connect()
  let firstAtMs: number | null = null
  bus.on('message', (message: Message) => {
    if (message.member === 'StatusNotifierItemRegistered') firstAtMs ??= Date.now()
  })
  const rule = `type='signal',interface='${WATCHER.interface}',member='StatusNotifierItemRegistered'`
  await call(bus, { ...BUS, interface: BUS.name }, 'AddMatch', 's', [rule])
  return { firstAtMs: () => firstAtMs, end: () => bus.disconnect() }
}

/** The item of this process that the panel lists; null: none. */
async function itemOf(bus: MessageBus, pid: number): Promise<BusTarget | null> {
  const listed = (await property(bus, WATCHER, 'RegisteredStatusNotifierItems')) as readonly string[]
  for (const entry of listed) {
    const slash = entry.indexOf('/')
    const name = slash < 0 ? entry : entry.slice(0, slash)
    const path = slash < 0 ? '/StatusNotifierItem' : entry.slice(slash)
    if ((await processOf(bus, name)) === pid) return { name, path, interface: 'org.kde.StatusNotifierItem' }
  }
  return null
}

async function processOf(bus: MessageBus, name: string): Promise<unknown> {
  try {
    return await call(bus, { ...BUS, interface: BUS.name }, 'GetConnectionUnixProcessID', 's', [name])
  } catch {
    // The item disappeared between the listing and the call.
    return null
  }
}

function menuItemOf(node: unknown): MenuItem {
  const [id, properties, children] = node as [number, Record<string, unknown>, readonly unknown[]]
  const read = (name: string): unknown => unwrapped(properties[name])
  return {
    id,
    label: (read('label') as string | undefined) ?? '',
    isSeparator: read('type') === 'separator',
    isEnabled: read('enabled') !== false,
    isChecked: read('toggle-type') ? read('toggle-state') === 1 : null,
    children: children.map((child) => menuItemOf(unwrapped(child))),
  }
}
