import type { MenuItemConstructorOptions } from 'electron'

/** Returns null except on macOS, where copy, paste and close only work through a menu bar. */
export function menuBar(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  return platform === 'darwin' ? [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] : null
}
