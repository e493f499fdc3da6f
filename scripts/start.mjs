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

/** Without a display, runs the CLI, which needs neither Electron nor its libraries. */
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

/** Resolves to the app's exit code. A signal to this script ends the app first, so that it isn't orphaned. */
function runApp(electron, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(electron, args, { cwd: root, env: appEnvironment(), stdio: 'inherit' })
    const stopAfter = (delayMs) => () => {
      setTimeout(() => child.kill('SIGTERM'), delayMs).unref()
      setTimeout(() => child.kill('SIGKILL'), delayMs + KILL_AFTER_MS).unref()
    }
    // Ctrl-C reaches the app directly; a second signal right away would interrupt its shutdown.
    process.on('SIGINT', stopAfter(1_000))
    process.on('SIGTERM', stopAfter(0)).on('SIGHUP', stopAfter(0))
    onParentExit(stopAfter(0))
    child.on('error', (error) => reject(new UserError(`${electron} could not be started: ${error.message}`)))
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]))
  })
}

/** Detects the end of npm: a signal sent only to npm ends the shell in between, which doesn't forward it. */
function onParentExit(run) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    run()
  }, 1_000).unref()
}
