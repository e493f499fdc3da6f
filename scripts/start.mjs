import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { pathToFileURL } from 'node:url'
import { appEnvironment } from './lib/app-environment.mjs'
import { buildApp, buildCli, cliProgram } from './lib/build.mjs'
import { electronPath } from './lib/electron.mjs'
import { checkNode, ensureNpmPackages } from './lib/npm-packages.mjs'
import { root } from './lib/project.mjs'
import { sandboxSwitches } from './lib/sandbox.mjs'
import { runCommand, UserError, warn } from './lib/log.mjs'
import { setUp } from './set-up.mjs'

const KILL_AFTER_MS = 10_000

await runCommand(async () => {
  if (!hasDisplay()) return watchInTerminal()
  await setUp({ forTests: false })
  await buildApp()
  const electron = electronPath()
  return runApp(electron, [...sandboxSwitches(electron), root, ...process.argv.slice(2)])
})

function hasDisplay() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  return process.platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY)
}

/** Where no window can be: the command line, which needs neither Electron nor its libraries. */
async function watchInTerminal() {
  warn(
    'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so this is `podkeeper watch`; `npm run podkeeper -- --help` shows the rest.',
  )
  checkNode()
  await ensureNpmPackages(warn)
  await buildCli()
  process.argv.splice(2, process.argv.length, 'watch', '--or-demo')
  await import(pathToFileURL(cliProgram).href)
}

/** Resolves with the app's exit code. A signal to this script ends the app first, so that none is left behind. */
function runApp(electron, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(electron, args, { cwd: root, env: appEnvironment(), stdio: 'inherit' })
    const stopAfter = (delayMs) => () => {
      setTimeout(() => child.kill('SIGTERM'), delayMs).unref()
      setTimeout(() => child.kill('SIGKILL'), delayMs + KILL_AFTER_MS).unref()
    }
    // Ctrl-C reaches the app by itself; a second signal at once would cut its orderly end short.
    process.on('SIGINT', stopAfter(1_000))
    process.on('SIGTERM', stopAfter(0)).on('SIGHUP', stopAfter(0))
    onParentExit(stopAfter(0))
    child.on('error', (error) => reject(new UserError(`${electron} could not be started: ${error.message}`)))
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
}

/** A signal to npm alone ends the shell between npm and this script, which does not pass it on. */
function onParentExit(run) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    run()
  }, 1_000).unref()
}
