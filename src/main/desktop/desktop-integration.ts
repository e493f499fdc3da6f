import { homedir } from 'node:os'
import { app, globalShortcut, nativeTheme } from 'electron'
import { parseAccelerator } from '../../core/settings/definitions/shortcut'
import { fail, ok, type Result } from '../../core/base/result'
import { programPath, setAutostart } from './autostart'
import type { Desktop } from '../settings/apply-settings'
import { desktopText } from './desktop-text'

/** Desktop functions through Electron. `onShortcut` is called when the global shortcut is pressed. */
export function createDesktop(onShortcut: () => void): Desktop {
  return {
    setTheme(theme) {
      nativeTheme.themeSource = theme
    },
    setLaunchedAtLogin(isLaunched, isUserRequest) {
      if (process.platform !== 'linux') {
        app.setLoginItemSettings({ openAtLogin: isLaunched, args: ['--hidden'] })
        return ok(undefined)
      }
      return setAutostart(isLaunched, {
        configHome: process.env['XDG_CONFIG_HOME'] || `${homedir()}/.config`,
        command: [programPath(process.env, process.execPath), ...(app.isPackaged ? [] : [app.getAppPath()])],
        isUserRequest,
      })
    },
    setGlobalShortcut(keys) {
      globalShortcut.unregisterAll()
      if (keys === null) return ok(undefined)
      const parsed = parseAccelerator(keys)
      if (!parsed.ok) return fail(desktopText.keysInvalid(keys, parsed.error))
      return register(parsed.value, onShortcut)
    },
  }
}

function register(keys: string, onShortcut: () => void): Result<void, string> {
  const taken = fail(desktopText.keysTaken(keys))
  try {
    return globalShortcut.register(keys, onShortcut) ? ok(undefined) : taken
  } catch {
    return taken
  }
}
