import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  app,
  autoUpdater,
  clipboard,
  dialog,
  globalShortcut,
  nativeTheme,
  Notification,
  powerMonitor,
  safeStorage,
  shell,
  utilityProcess,
} from 'electron'
import { fail, ok, type Result } from '../core/base/result'
import { parseAccelerator } from '../core/settings/definitions/shortcut'
import type { Clock } from '../core/base/time/clock'
import { otherInstalledBuild } from '../node/installed-build'
import { createKeyring } from './account/key/keyring'
import { probeSecretService } from './account/key/probe-secret-service'
import { createFileDialogs } from './ipc/file-dialogs'
import type { ElectronHost } from './app-parts'
import { programPath, setAutostart } from './desktop/autostart'
import { desktopText } from './desktop/desktop-text'
import { TERMINAL_PROCESS_NAME } from './lifecycle/error-handlers'
import type { Desktop } from './settings/apply-settings'
import type { ReleaseFeedSource } from './updates/app-updates'
import { createMacInstaller, type MacUpdater } from './updates/mac-installer'
import { readPackageFacts } from './updates/package-facts'
import type { UpdateInstaller } from './updates/update-installer'
import { createWindowsInstaller } from './updates/windows-installer'
import type { TerminalProcess } from './terminals/process/terminal-process'

/** Of the build: see electron.vite.config.ts. */
declare const PODKEEPER_RELEASE_FEED: ReleaseFeedSource | null

/** The text of full scrollbacks takes far less; cells are stored outside of the heap. */
const MAX_HEAP_MB = 512

/** Starts the terminal process, without the environment of the app. */
function startTerminalProcess(): TerminalProcess {
  const systemRoot = process.env['SystemRoot']
  const child = utilityProcess.fork(join(__dirname, 'terminal.js'), [], {
    // An empty one would stand for that of the app. Windows' libraries need to know where it is.
    env: { LANG: 'C', ...(systemRoot !== undefined && { SystemRoot: systemRoot }) },
    // As a switch of Chromium's, because Node's own option has no effect here.
    execArgv: [`--js-flags=--max-old-space-size=${MAX_HEAP_MB}`],
    stdio: 'ignore',
    serviceName: TERMINAL_PROCESS_NAME,
  })
  return {
    post: (request) => child.postMessage(request),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill() {
      if (child.pid === undefined) child.once('spawn', kill)
      else kill()
    },
  }

  /** Unlike `child.kill()` it ends a process that hangs. */
  function kill(): void {
    try {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    } catch {
      // It has already ended.
    }
  }
}

/** The app's host: Electron itself. */
export function createElectronHost(): ElectronHost {
  return {
    version: app.getVersion(),
    updates: {
      releaseFeed: PODKEEPER_RELEASE_FEED,
      packageFacts: readPackageFacts(app.isPackaged, process.resourcesPath),
      createInstaller,
      quit: () => app.quit(),
      programStamp,
      electronVersion: process.versions.electron,
      readText: (name) => readFile(join(__dirname, '..', name), 'utf8'),
    },
    env: process.env,
    // Older versions of Electron return the value, newer ones a promise.
    readClipboard: async () => clipboard.readText(),
    writeClipboard: async (text) => clipboard.writeText(text),
    openExternal: (address) => shell.openExternal(address),
    fileDialogs: createFileDialogs(dialog),
    createKeyring: () =>
      createKeyring({
        safeStorage,
        platform: process.platform,
        probe: () => probeSecretService(process.env['DBUS_SESSION_BUS_ADDRESS']),
        wait,
      }),
    isScreenLocked() {
      const state = powerMonitor.getSystemIdleState(1)
      return state === 'unknown' ? null : state === 'locked'
    },
    areNotificationsSupported: () => Notification.isSupported(),
    createDesktop,
    startTerminalProcess,
  }
}

/** Older versions of Electron may lack the updater. */
function createInstaller(clock: Clock): UpdateInstaller | null {
  if (process.platform === 'win32') return createWindowsInstaller()
  const updater = process.platform === 'darwin' ? (autoUpdater as MacUpdater | undefined) : undefined
  return updater ? createMacInstaller(updater, clock) : null
}

/** Packages put a new file in the place of the old one, and a build in a checkout is started by a new entry. */
function programStamp(): string | null {
  try {
    const { ino, size, mtimeMs } = statSync(process.execPath)
    const build = app.isPackaged ? null : otherInstalledBuild(join(__dirname, '..'), '../main/index.js')
    return [ino, size, mtimeMs, build].join(' ')
  } catch {
    return null
  }
}

/** Desktop functions through Electron. `onShortcut` is called when the global shortcut is pressed. */
function createDesktop(onShortcut: () => void): Desktop {
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
