import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { build } from 'vite'
import { beforeAll, onTestFinished, vi } from 'vitest'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import {
  createSimulator,
  FULL_KEY,
  type Simulator,
  type SimulatorOptions,
} from '../../../src/simulator/simulator'
import { BUILT_WITHIN_MS, builtOnce } from '../setup/built-once'

const projectRoot = resolve(import.meta.dirname, '../../..')

/** The command line, built once for all test files of a run; returns the path of its program. */
export function buildCli(): () => string {
  vi.setConfig({ testTimeout: 180_000 })
  let folder = ''
  beforeAll(async () => {
    folder = await builtOnce('cli', (outDir) =>
      build({ configFile: join(projectRoot, 'cli.vite.config.mts'), logLevel: 'error', build: { outDir } }),
    )
  }, BUILT_WITHIN_MS)
  return () => join(folder, 'podkeeper.mjs')
}

/** A simulated Runpod for one test. */
export async function startSimulator(
  pods: readonly SimulatedPodSpec[],
  options: Partial<SimulatorOptions> = {},
): Promise<Simulator> {
  const runpod = await createSimulator({ seed: 1, pods, ...options })
  onTestFinished(() => runpod.close())
  return runpod
}

export const newDataFolder = (settings: Record<string, unknown> = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-cli-'))
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ settings: { undoS: 1, pollTransitionS: 1, pollActiveS: 1, ...settings } }),
  )
  return folder
}

export interface CliOptions {
  readonly program: string
  readonly args: readonly string[]
  /** Default: none. */
  readonly runpod?: Simulator
  readonly dataFolder?: string
  /** Leaves the choice of the data folder to the command. */
  readonly hasDataFolderOption?: false
  /** Of a shell, such as "> /dev/full". */
  readonly redirection?: string
  /** Runs it as the user "nobody" if the tests run as root, who may read and write everything. */
  readonly asOrdinaryUser?: true
  /** Added to the few variables that every shell has; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The complete input on stdin. */
  readonly input?: string
  /** It gets SIGTERM at the very moment when it has written this to stdout, before it does anything else. */
  readonly terminatedAt?: RegExp
  /** Runs it on a terminal of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number }
}

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams
  readonly dataFolder: string
  stdout(): string
  stderr(): string
  /** Waits until stdout, stderr or the terminal shows it. */
  waitForOutput(pattern: RegExp): Promise<void>
  /** Key presses, on a terminal. */
  type(text: string): void
  /** The exit code and all output until then. */
  readonly exited: Promise<{ code: number | null; stdout: string; stderr: string }>
}

/** A shell is started only to redirect the output: a computer may have none in its PATH. */
function startOf(command: readonly string[], redirection: string | undefined): [string, string[]] {
  const [program = '', ...args] = command
  return redirection === undefined
    ? [program, args]
    : ['sh', ['-c', `exec ${command.map(quoted).join(' ')} ${redirection}`]]
}

/** Starts the real command line as a separate process that ends with the test at the latest. */
export function startCli(options: CliOptions): RunningCli {
  const { program, args, runpod, input, terminal } = options
  const dataFolder = options.dataFolder ?? newDataFolder()
  const env = {
    PATH: process.env['PATH'],
    HOME: dataFolder,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...(runpod && { RUNPOD_API_BASE_URL: `${runpod.url}/v2`, RUNPOD_API_KEY: FULL_KEY }),
    ...(options.terminatedAt && { NODE_OPTIONS: `--require=${terminatingModule(options.terminatedAt)}` }),
    ...options.env,
  }
  const folderOption = options.hasDataFolderOption === false ? [] : ['--data-dir', dataFolder]
  const isOtherUser = options.asOrdinaryUser === true && process.getuid?.() === 0
  const command = [process.execPath, isOtherUser ? readableCopy(program) : program, ...args, ...folderOption]
  const child = terminal
    ? spawn(
        'script',
        [
          '-qfec',
          `stty cols ${terminal.columns} rows ${terminal.rows}; exec ${command.map(quoted).join(' ')}`,
          '/dev/null',
        ],
        { env, detached: true },
      )
    : spawn(...startOf(command, options.redirection), {
        env,
        ...(isOtherUser && { uid: NOBODY, gid: NOBODY }),
      })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  if (input !== undefined) child.stdin.end(input)
  const exited = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  )
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  })
  return {
    child,
    dataFolder,
    stdout: () => stdout,
    stderr: () => stderr,
    waitForOutput: (pattern) =>
      vi.waitFor(
        () => {
          if (!pattern.test(stdout + stderr))
            throw new Error(`it did not say ${pattern}, but:\n${stdout}${stderr}`)
        },
        { timeout: 60_000, interval: 20 },
      ),
    type: (text) => void child.stdin.write(text),
    exited,
  }
}

/** Runs it to its end. */
export const runCli = (options: CliOptions): RunningCli['exited'] =>
  startCli({ input: '', ...options }).exited

/** A module that is loaded before the program. */
function terminatingModule(pattern: RegExp): string {
  const path = join(mkdtempSync(join(tmpdir(), 'podkeeper-terminating-')), 'module.cjs')
  writeFileSync(
    path,
    `const { stdout } = process
    const write = stdout.write
    stdout.write = (...args) => {
      const isFlushed = write.apply(stdout, args)
      if (${pattern}.test(String(args[0]))) process.kill(process.pid, 'SIGTERM')
      return isFlushed
    }`,
  )
  return path
}

const NOBODY = 65_534

/** The checkout may be in a private folder. */
function readableCopy(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-program-'))
  cpSync(dirname(program), folder, { recursive: true })
  chmodSync(folder, 0o755)
  return join(folder, basename(program))
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
