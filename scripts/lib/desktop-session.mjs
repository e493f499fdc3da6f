import { spawn } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectToBus } from './bus.mjs'
import { inProject } from './project.mjs'
import { UserError } from './log.mjs'

/**
 * Environment variable of every process in a session, set to the session's folder, by which `close` finds
 * them.
 */
const SESSION_VARIABLE = 'PODKEEPER_SESSION'
const READY_TIMEOUT_MS = 60_000
/** Values of XFCE on X11, by which Electron chooses its window system and keyring. */
const DESKTOP = { XDG_CURRENT_DESKTOP: 'XFCE', XDG_SESSION_TYPE: 'x11', NO_AT_BRIDGE: '1' }
const CHOOSER = `#!/bin/sh
# dunst's menu of a notification's buttons: takes the entry that ends in what a test wrote to "choice".
exec grep -m 1 -F -- "$(cat '@folder@/choice')"
`

/**
 * A desktop session for the end-to-end tests, of real programs on a virtual display: an X server, a window
 * manager, a session bus without service activation, a panel with a tray (xfce4-panel) and a notification
 * daemon (dunst), with a home folder of its own. Linux only. Resolves once tray and notifications work.
 *
 * Programs started with `env` run in the session; `close` ends all of them. A session opened within another
 * one ends with that one at the latest. `startPanel` and `stopPanel` start and stop the panel; with
 * `hasPanel` false the session starts without one.
 */
export async function openDesktopSession({ hasPanel = true, parent = process.env[SESSION_VARIABLE] } = {}) {
  const folder = makeFolder(parent)
  const env = { [SESSION_VARIABLE]: folder, ...DESKTOP, ...makeHome(folder) }
  const close = async () => {
    await killSession(folder)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const start = (command, args) =>
      startProgram(command, args, { ...process.env, WAYLAND_DISPLAY: '', ...env })
    const screen = ['-screen', '0', '1280x900x24']
    env.DISPLAY = `:${await start('Xvfb', ['-displayfd', '3', ...screen, '-nolisten', 'tcp', '-noreset']).firstLine}`
    const busConfig = `--config-file=${inProject('scripts/lib/session-bus.conf')}`
    const busArgs = [busConfig, `--address=unix:path=${folder}/bus`, '--nofork', '--print-address=3']
    env.DBUS_SESSION_BUS_ADDRESS = await start('dbus-daemon', busArgs).firstLine
    const desktop = await startDesktop(start, env.DBUS_SESSION_BUS_ADDRESS, folder)
    if (hasPanel) await desktop.startPanel()
    return { env, ...desktop, close }
  } catch (error) {
    const logs = readLogs(folder)
    await close()
    throw new UserError(`The desktop of the tests did not come up: ${error.message}\n${logs}`)
  }
}

/**
 * Opens `count` desktop sessions. `envs` holds the environment of each. A program started with `env` belongs
 * to all of them, and `close` ends it together with the sessions' programs.
 */
export async function openDesktopSessions(count) {
  const folder = makeFolder()
  const close = async () => {
    await killSession(folder)
    rmSync(folder, { recursive: true, force: true })
  }
  const opened = await Promise.allSettled(
    Array.from({ length: count }, () => openDesktopSession({ parent: folder })),
  )
  const failed = opened.find(({ status }) => status === 'rejected')
  if (failed === undefined)
    return { env: { [SESSION_VARIABLE]: folder }, envs: opened.map(({ value }) => value.env), close }
  await close()
  throw failed.reason
}

/** The name is short because the path of a socket in the folder is limited to 107 characters. */
function makeFolder(parent) {
  const folder = mkdtempSync(parent === undefined ? join(tmpdir(), 'podkeeper-') : join(parent, 'desktop-'))
  // One test runs the app as another user, whose folder is in this one.
  chmodSync(folder, 0o711)
  return folder
}

function makeHome(folder) {
  const makeDirectory = (name, mode) => {
    mkdirSync(join(folder, name), { recursive: true, mode })
    return join(folder, name)
  }
  const config = makeDirectory('config')
  const panelFolder = makeDirectory('config/xfce4/xfconf/xfce-perchannel-xml')
  const panel = readFileSync(inProject('scripts/lib/xfce4-panel.xml'), 'utf8')
  writeFileSync(join(panelFolder, 'xfce4-panel.xml'), panel)
  const chooser = join(folder, 'chooser')
  writeFileSync(chooser, CHOOSER.replace('@folder@', folder), { mode: 0o755 })
  const dunst = readFileSync(inProject('scripts/lib/dunstrc'), 'utf8')
  writeFileSync(join(folder, 'dunstrc'), dunst.replace('@chooser@', chooser))
  return {
    HOME: makeDirectory('home'),
    XDG_CONFIG_HOME: config,
    XDG_DATA_HOME: makeDirectory('data'),
    XDG_CACHE_HOME: makeDirectory('cache'),
    XDG_RUNTIME_DIR: makeDirectory('run', 0o700),
  }
}

async function startDesktop(start, busAddress, folder) {
  start('openbox', ['--sm-disable'])
  /**
   * Uses a new connection each time: an open one would keep the process that opened the session from exiting.
   */
  const withBus = async (use) => {
    const bus = await connectToBus(busAddress)
    try {
      return await use(bus)
    } finally {
      bus.disconnect()
    }
  }
  const startAndWait = async (command, args, isUp) => {
    const { child } = start(command, args)
    const deadline = Date.now() + READY_TIMEOUT_MS
    while (!(await isUp())) {
      if (child.exitCode !== null) throw new Error(`${command} ended with code ${child.exitCode}`)
      if (Date.now() > deadline)
        throw new Error(`${command} did not answer within ${READY_TIMEOUT_MS / 1000} s`)
      await delay(50)
    }
    return child
  }
  await withBus(async (bus) => {
    // First, because the panel reads its settings from xfconfd.
    await startAndWait(xfconfd(), [], () => bus.hasOwner('org.xfce.Xfconf'))
    const dunstArgs = ['-conf', join(folder, 'dunstrc')]
    await startAndWait('dunst', dunstArgs, () => bus.hasOwner('org.freedesktop.Notifications'))
  })
  let panel
  return {
    startPanel: () =>
      withBus(async (bus) => {
        panel = await startAndWait('xfce4-panel', ['--disable-wm-check'], () => bus.hasTrayHost())
      }),
    /** Kills the panel, like a crash; resolves once its name is gone from the bus. */
    stopPanel: () =>
      withBus(async (bus) => {
        panel?.kill('SIGKILL')
        while (await bus.hasTrayHost()) await delay(50)
      }),
  }
}

/** Starts a program with its output in a log; `firstLine` resolves to the first line on its file descriptor 3. */
function startProgram(command, args, env) {
  const logFile = openSync(join(env[SESSION_VARIABLE], `${command.split('/').at(-1)}.log`), 'w')
  const child = spawn(command, args, { env, stdio: ['ignore', logFile, logFile, 'pipe'], detached: true })
  const firstLine = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`${command} ended with code ${code}`)))
    let text = ''
    child.stdio[3].setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(text.split('\n')[0])
    })
  })
  // `firstLine` of programs that write no line is never awaited, so its rejection must not count as unhandled.
  firstLine.catch(() => {})
  return { child, firstLine }
}

/**
 * Path of the panel's settings daemon, which must be started directly on a bus without service activation.
 */
function xfconfd() {
  const service = readFileSync('/usr/share/dbus-1/services/org.xfce.Xfconf.service', 'utf8')
  return /^Exec=(\S+)/m.exec(service)[1]
}

/**
 * Ends all processes of a session, including orphans: by SIGTERM, so that the X server removes its socket,
 * and after a second by SIGKILL.
 */
async function killSession(folder) {
  for (let round = 0; round < 50; round++) {
    const pids = sessionProcesses(folder)
    if (pids.length === 0) return
    for (const pid of pids) {
      try {
        process.kill(pid, round < 10 ? 'SIGTERM' : 'SIGKILL')
      } catch {
        // The process exited meanwhile.
      }
    }
    await delay(100)
  }
}

/**
 * Searches environment and command line, because Chromium overwrites its environment with its process title.
 */
function sessionProcesses(folder) {
  const read = (pid, file) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1')
    } catch {
      return ''
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) =>
        read(pid, 'environ')
          .split('\0')
          .some(
            (entry) =>
              entry === `${SESSION_VARIABLE}=${folder}` || entry.startsWith(`${SESSION_VARIABLE}=${folder}/`),
          ) || read(pid, 'cmdline').includes(`${folder}/`),
    )
}

function readLogs(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.log'))
  return names.map((name) => `${name}:\n${readFileSync(join(folder, name), 'utf8')}`).join('\n')
}
