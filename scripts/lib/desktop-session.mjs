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

/** Every process of a session is given this variable with the session's folder: by it, it is found at the end. */
const SESSION_VARIABLE = 'PODKEEPER_SESSION'
const READY_TIMEOUT_MS = 60_000
/** As XFCE on X11 has it: by this Electron chooses its windowing and its keyring. */
const DESKTOP = { XDG_CURRENT_DESKTOP: 'XFCE', XDG_SESSION_TYPE: 'x11', NO_AT_BRIDGE: '1' }
const CHOOSER = `#!/bin/sh
# dunst's menu of a notification's buttons: takes the entry that ends in what a test wrote to "choice".
exec grep -m 1 -F -- "$(cat '@folder@/choice')"
`

/**
 * A desktop of its own for the end-to-end tests, of real parts and seen by nobody: an X server, a window manager,
 * a session bus that activates nothing, a panel with a tray (xfce4-panel) and a notification daemon (dunst), with
 * its own home. Linux only. Returns once the tray and the notifications answer.
 *
 * `env` is for what shall run in it; `close` ends everything that does, whoever started it. A session opened inside
 * of another one ends with it at the latest. `startPanel` and `stopPanel` let the panel come and go; with `hasPanel`
 * false the desktop begins without one.
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
 * Opens `count` desktop sessions side by side. `envs` holds the environment of each. A program that is started with
 * `env` belongs to all of them: `close` ends it together with whatever runs in the sessions.
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

/** A short name: the path of a socket in it may have no more than 107 characters. */
function makeFolder(parent) {
  const folder = mkdtempSync(parent === undefined ? join(tmpdir(), 'podkeeper-') : join(parent, 'desktop-'))
  // One test starts the app as another user, with a folder of its own in here.
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
  /** Waits on a connection of its own: one that stays open would keep whoever opened the session from ending. */
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
    // The panel reads its settings from xfconfd, so that one comes first.
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
    /** As a crash of the panel; returns once the bus knows. */
    stopPanel: () =>
      withBus(async (bus) => {
        panel?.kill('SIGKILL')
        while (await bus.hasTrayHost()) await delay(50)
      }),
  }
}

/** Starts a program with its output in a log; `firstLine` is the first line it writes to file descriptor 3. */
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
  // Nobody awaits it for programs that write nothing to it.
  firstLine.catch(() => {})
  return { child, firstLine }
}

/** The settings daemon of the panel: on a bus that activates nothing it has to be started by its path. */
function xfconfd() {
  const service = readFileSync('/usr/share/dbus-1/services/org.xfce.Xfconf.service', 'utf8')
  return /^Exec=(\S+)/m.exec(service)[1]
}

/**
 * Ends whatever belongs to a session, also what lost its parent: first asked, so that the X server removes its
 * socket, after a second by force.
 */
async function killSession(folder) {
  for (let round = 0; round < 50; round++) {
    const pids = sessionProcesses(folder)
    if (pids.length === 0) return
    for (const pid of pids) {
      try {
        process.kill(pid, round < 10 ? 'SIGTERM' : 'SIGKILL')
      } catch {
        // It ended by itself in between.
      }
    }
    await delay(100)
  }
}

/** By their environment, or by their command line: Chromium writes its title over its environment. */
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
