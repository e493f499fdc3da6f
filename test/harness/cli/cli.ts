import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, onTestFinished, vi } from 'vitest'
import type { PodSpec } from '../../../src/simulator/world/pod-spec'
import {
  createSimulator,
  FULL_KEY,
  type Simulator,
  type SimulatorOptions,
} from '../../../src/simulator/simulator'

const projectRoot = resolve(import.meta.dirname, '../../..')

/** Builds the command line for the tests of a file; the path of its program once they run. */
export function builtCli(): () => string {
  vi.setConfig({ testTimeout: 60_000 })
  let folder = ''
  beforeAll(async () => {
    // Inside the project, since one package stays outside of the bundle.
    mkdirSync(join(projectRoot, '.cache'), { recursive: true })
    folder = mkdtempSync(join(projectRoot, '.cache/cli-'))
    await build({
      configFile: join(projectRoot, 'cli.vite.config.mts'),
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: false },
    })
  }, 30_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return () => join(folder, 'podkeeper.mjs')
}

/** A Runpod for one test. */
export async function runpodWith(
  pods: readonly PodSpec[],
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

export interface Start {
  readonly program: string
  readonly args: readonly string[]
  /** Default: none. */
  readonly runpod?: Simulator
  readonly dataFolder?: string
  /** Laid over the few variables that a shell always has; `undefined` takes one out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What comes in on stdin, which then ends. */
  readonly input?: string
  /** Runs it on a terminal of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number }
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly dataFolder: string
  stdout(): string
  stderr(): string
  /** Waits until stdout, stderr or the terminal shows it. */
  says(pattern: RegExp): Promise<void>
  /** Keys, on a terminal. */
  type(text: string): void
  /** The exit code, with everything that was said by then. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

/** Starts the real command line as a process of its own, and ends it with the test at the latest. */
export function start(options: Start): Running {
  const { program, args, runpod, input, terminal } = options
  const dataFolder = options.dataFolder ?? newDataFolder()
  const env = {
    PATH: process.env['PATH'],
    HOME: dataFolder,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...(runpod && { RUNPOD_API_BASE_URL: `${runpod.url}/v2`, RUNPOD_API_KEY: FULL_KEY }),
    ...options.env,
  }
  const command = [process.execPath, program, ...args, '--data-dir', dataFolder]
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
    : spawn(command[0]!, command.slice(1), { env })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  if (input !== undefined) child.stdin.end(input)
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((settle) =>
    child.on('close', (code) => settle({ code, stdout, stderr })),
  )
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    dataFolder,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (pattern) =>
      vi.waitFor(
        () => {
          if (!pattern.test(stdout + stderr))
            throw new Error(`it did not say ${pattern}, but:\n${stdout}${stderr}`)
        },
        { timeout: 15_000, interval: 20 },
      ),
    type: (text) => void child.stdin.write(text),
    ended,
  }
}

/** Runs it to its end. */
export const run = (options: Start): Running['ended'] => start({ input: '', ...options }).ended

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
