import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { descendantSeconds } from '../../../../scripts/lib/processor-time.mjs'
import { addProcessorSeconds } from '../../setup/more-processor-seconds'
import { copyApp } from './copy-app'
import { observeApp, recordFailures } from './failure-record'
import { waitUntil } from '../act/wait-until'
import './uncompressed'

const projectRoot = resolve(import.meta.dirname, '../../../..')
const LAUNCH_MS = 90_000
/** Timeout for actions in a page, far longer than they normally take. */
const PAGE_MS = 60_000
const ORDERLY_END_MS = 30_000

/** The environment variables that the app inherits; tests pass any others explicitly. */
const PASSED = [
  'PATH',
  'LANG',
  'HOME',
  'DISPLAY',
  'DBUS_SESSION_BUS_ADDRESS',
  'PODKEEPER_SESSION',
  'NO_AT_BRIDGE',
]

/** A region of dates like "Nov 24" and clocks of 24 hours, wherever the tests run. */
const REGION = 'ja_JP.UTF-8'

export interface LaunchOptions {
  /** Default: a new, empty folder. */
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** The folder of package.json. Default: the checkout. */
  readonly appDir?: string
}

/** The real, built app, running with its own data. */
export interface RunningApp {
  readonly app: ElectronApplication
  readonly dataDir: string
  readonly pid: number
  /** Everything that the app and its windows have written to stdout and stderr so far. */
  output(): string
  /** The app's popover; waits until it exists. */
  popover(): Promise<Page>
  /** The app's main window; waits until it exists. */
  mainWindow(): Promise<Page>
  /** The confirmation window for destructive actions; waits until it exists. */
  confirmWindow(): Promise<Page>
  /** Kills the app as a power failure would, so that none of its handlers run. */
  kill9(): Promise<void>
  /** Kills the app if it is running and starts it again with the same data. */
  relaunch(changes?: Omit<LaunchOptions, 'dataDir'>): Promise<RunningApp>
  /** Quits the app as a user would; kills it if that takes longer than 30 s. */
  close(): Promise<void>
}

interface Start {
  readonly executable: string
  readonly appDir: string
  /** A wrapper program that runs the executable as another user. */
  readonly runner: readonly string[]
  readonly isSandboxed: boolean
  readonly env: Readonly<Record<string, string>>
}

/** Starts the built app. For root it disables Chromium's sandbox, which doesn't support root. */
export async function launch(options: LaunchOptions = {}): Promise<RunningApp> {
  const executable = electronOfTests()
  const appDir = options.appDir ?? projectRoot
  return run({ executable, appDir, runner: [], isSandboxed: !isRoot(), env: {} }, options)
}

/** Starts the built app in the Electron that drew the baselines, whichever one the other tests run in. */
export async function launchForPictures(options: LaunchOptions = {}): Promise<RunningApp> {
  const executable = process.env['PODKEEPER_PICTURES_ELECTRON'] || electronOfTests()
  return run({ executable, appDir: projectRoot, runner: [], isSandboxed: !isRoot(), env: {} }, options)
}

/**
 * Starts the built app with Chromium's sandbox, as for users: as an ordinary user, which is "nobody" if the tests run
 * as root. That user has no session bus, so there is no tray and there are no notifications. Linux only.
 */
export async function launchAsOrdinaryUser(options: LaunchOptions = {}): Promise<RunningApp> {
  const executable = electronOfTests()
  if (!isRoot())
    return run({ executable, appDir: projectRoot, runner: [], isSandboxed: true, env: {} }, options)
  const [uid, gid] = [idOf('-u'), idOf('-g')]
  const runner = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--']
  const home = await newFolder('home-')
  const dataDir = options.dataDir ?? (await newFolder('data-'))
  await Promise.all([home, dataDir].map((folder) => chown(folder, uid, gid)))
  const env = { HOME: home, XDG_RUNTIME_DIR: home, DBUS_SESSION_BUS_ADDRESS: 'disabled:' }
  const places = await usablePlaces(runner, executable)
  return run({ ...places, runner, isSandboxed: true, env }, { ...options, dataDir })
}

async function run(start: Start, options: LaunchOptions): Promise<RunningApp> {
  const dataDir = options.dataDir ?? (await newFolder('data-'))
  const log = join(await newFolder('log-'), 'output.log')
  await writeFile(log, '')
  const output = (): string => readFileSync(log, 'utf8')
  const app = await _electron
    .launch({
      executablePath: await wrapper(start, log),
      // Without a GPU, Chromium first tries to use one, which sometimes leaves a window without a frame.
      args: ['--disable-gpu', `--user-data-dir=${dataDir}`, ...(options.args ?? []), start.appDir],
      // Without this option, Playwright adds --no-sandbox.
      chromiumSandbox: start.isSandboxed,
      cwd: start.appDir,
      env: withTestHome({ ...passedEnvironment(), ...start.env, ...options.env }),
      timeout: LAUNCH_MS,
    })
    .catch((error: unknown) => {
      throw new Error(`the app did not start; it said:\n${output()}`, { cause: error })
    })
  app.context().setDefaultTimeout(PAGE_MS)
  await app.evaluate(sayWhenQuit, QUIT)
  const child = app.process()
  const end = (): string | null =>
    child.signalCode ?? (child.exitCode === null ? null : `exit code ${child.exitCode}`)
  const isRunning = (): boolean => end() === null
  observeApp({ windows: () => app.windows(), output, end })
  const hasEnded = (): Promise<boolean> => waitUntil('the app to end', () => !isRunning())
  const countProcessorTime = (): void => addProcessorSeconds(descendantSeconds(child.pid ?? -1))
  const kill9 = async (): Promise<void> => {
    if (isRunning()) {
      countProcessorTime()
      child.kill('SIGKILL')
    }
    await hasEnded()
  }
  const close = async (): Promise<void> => {
    await recordFailures()
    // Like a shutdown by the system: the user is not asked about what is open.
    if (isRunning()) {
      countProcessorTime()
      child.kill('SIGTERM')
    }
    try {
      await waitUntil('the app to end after SIGTERM', () => !isRunning(), ORDERLY_END_MS)
    } catch (error) {
      child.kill('SIGKILL')
      await hasEnded()
      if (!output().includes(QUIT))
        throw new Error(`the app did not end; it said:\n${output()}`, { cause: error })
      console.warn(`Electron did not end within ${ORDERLY_END_MS} ms after the app had quit.`)
    }
  }
  return {
    app,
    dataDir,
    pid: child.pid ?? -1,
    output,
    popover: () => waitUntil("the app's popover", () => app.windows().find(showing('index.html'))),
    mainWindow: () => waitUntil("the app's main window", () => app.windows().find(showing('window.html'))),
    confirmWindow: () => waitUntil('the confirmation', () => app.windows().find(showing('confirm.html'))),
    kill9,
    close,
    relaunch: async (changes = {}) => {
      await close()
      return run(start, { ...options, ...changes, dataDir })
    },
  }
}

const QUIT = 'The app has quit.'

/**
 * Says when the app itself has ended, which leaves Electron to end. On a busy machine, about one end in 500 hangs
 * there, probably where Node waits for the debugger, which is Playwright.
 */
function sayWhenQuit({ app }: typeof Electron.CrossProcessExports, text: string): void {
  app.once('quit', () => process.stdout.write(`${text}\n`))
}

const showing =
  (file: string) =>
  (page: Page): boolean =>
    page.url() === `podkeeper://app/${file}`

/**
 * A script that starts Electron. It captures all output from the first byte, because Playwright would lose the
 * beginning, and optionally starts Electron as another user. It is replaced by Electron (exec), so the process id is
 * the app's.
 */
async function wrapper(start: Start, log: string): Promise<string> {
  const path = join(dirname(log), 'electron')
  const command = [...start.runner, start.executable].map(quoted).join(' ')
  const tee = `tee -a ${quoted(log)}`
  await writeFile(path, `#!/bin/bash\nexec > >(exec ${tee}) 2> >(exec ${tee} >&2)\nexec ${command} "$@"\n`, {
    mode: 0o755,
  })
  return path
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

function electronOfTests(): string {
  const path = process.env['PODKEEPER_ELECTRON']
  if (path === undefined) throw new Error('The end-to-end tests are started by `npm run test:e2e`.')
  return path
}

const isRoot = (): boolean => process.getuid?.() === 0

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))

function passedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => PASSED.includes(entry[0]) || entry[0].startsWith('XDG_'),
    ),
  )
}

/** The test runtime looks for SSH keys in this folder only, and uses the keyring of the session. */
function withTestHome(env: Record<string, string>): Record<string, string> {
  return { PODKEEPER_TEST_HOME: env['HOME'] ?? '', LC_TIME: REGION, ...env }
}

/** Inside the session's folder, which is removed with the session. */
async function newFolder(prefix: string): Promise<string> {
  return mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), prefix))
}

/**
 * Paths to Electron and the app that `runner` can read and whose windows it can sandbox. They are copies if the
 * checkout is in a private folder, or if only Chromium's setuid helper can create a sandbox here.
 */
async function usablePlaces(
  runner: readonly string[],
  executable: string,
): Promise<Pick<Start, 'executable' | 'appDir'>> {
  const needed = [executable, join(projectRoot, 'out/main/index.js'), join(projectRoot, 'package.json')]
  const canMakeNamespaces = succeeds([...runner, 'unshare', '--user', 'true'])
  const canReadAll = needed.every((file) => succeeds([...runner, 'test', '-r', file]))
  if (canReadAll && canMakeNamespaces) return { executable, appDir: projectRoot }
  const folder = await newFolder('copy-')
  const [electron, app] = [join(folder, 'electron'), join(folder, 'app')]
  await cp(dirname(executable), electron, { recursive: true, verbatimSymlinks: true })
  await copyApp(app)
  execFileSync('chmod', ['-R', 'a+rX', folder])
  if (!canMakeNamespaces) await chmod(join(electron, 'chrome-sandbox'), 0o4755)
  return { executable: join(electron, basename(executable)), appDir: app }
}

function succeeds([program = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
