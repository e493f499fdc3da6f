import type { TrayModel } from '../../core/view/tray-model'
import type { AppTray } from './tray'

/** A tray icon that is made anew on every tray that comes. */
export interface LastingTray {
  readonly show: (model: TrayModel) => void
  /** To be called when the tray is found, and whenever it may be another one: `host` names it, null: none. */
  readonly useHost: (host: string | null) => void
}

export function createLastingTray(first: TrayModel, make: (model: TrayModel) => AppTray): LastingTray {
  let model = first
  let icon: AppTray | null = null
  let madeFor: string | null = null
  return {
    show(next) {
      model = next
      icon?.show(next)
    },
    useHost(host) {
      // Where a tray went, its icon may stay: without one, an older kind of tray may still show it.
      if (icon !== null && (host === null || host === madeFor)) return
      icon?.destroy()
      madeFor = host
      icon = make(model)
    },
  }
}
