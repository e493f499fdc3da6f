import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import {
  createSimulator,
  FULL_KEY,
  type Simulator,
  type SimulatorOptions,
} from '../../../src/simulator/simulator'
import { writeFormatFile } from '../data-folder/migrated-folder'
import { startRealProgram } from './real-program'
import { runInProcess } from './run-in-process'
import type { CliChild } from './started-cli'

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
  writeFormatFile(folder)
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ settings: { undoS: 1, pollTransitionS: 1, pollActiveS: 1, ...settings } }),
  )
  return folder
}

export interface CliOptions {
  readonly args: readonly string[]
  /** Starts the program as a separate process. By default the command runs in the process of the test. */
  readonly isRealProgram?: boolean
  /** Its entry. Default: the build in out/cli. Starts the real program. */
  readonly program?: string
  /** Default: none. */
  readonly runpod?: Simulator
  readonly dataFolder?: string
  /** Leaves the choice of the data folder to the command. */
  readonly hasDataFolderOption?: false
  /** Of a shell, such as "> /dev/full". Starts the real program. */
  readonly redirection?: string
  /**
   * Runs it as the user "nobody" if the tests run as root, who may read and write everything. Starts the real program.
   */
  readonly asOrdinaryUser?: true
  /** Added to the few variables that every shell has; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The complete input on stdin. */
  readonly input?: string
  /** It gets SIGTERM at the very moment when it has written this to stdout, before it does anything else. */
  readonly terminatedAt?: RegExp
  /** Where its build is; of a run in the process of the test. */
  readonly buildFolder?: string
  /** Runs it on a terminal of this size. Starts the real program. */
  readonly terminal?: { readonly columns: number; readonly rows: number }
}

export interface RunningCli {
  readonly child: CliChild
  readonly dataFolder: string
  stdout(): string
  stderr(): string
  /** Waits until stdout, stderr or the terminal shows it. */
  waitForOutput(pattern: RegExp): Promise<void>
  /** Key presses, on a terminal. */
  type(text: string): void
  /** The reader of its stdout goes away. */
  closeStdout(): void
  /** The exit code and all output until then. */
  readonly exited: Promise<{ code: number | null; stdout: string; stderr: string }>
}

/** Starts a command, in the process of the test unless only a real program can do that. It ends with the test at the latest. */
export function startCli(options: CliOptions): RunningCli {
  const { args, runpod, input, terminal, redirection, asOrdinaryUser, terminatedAt, program } = options
  const dataFolder = options.dataFolder ?? newDataFolder()
  const env = {
    PATH: process.env['PATH'],
    HOME: dataFolder,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...(runpod && { RUNPOD_API_BASE_URL: `${runpod.url}/v2`, RUNPOD_API_KEY: FULL_KEY }),
    ...options.env,
  }
  const folderOption = options.hasDataFolderOption === false ? [] : ['--data-dir', dataFolder]
  const { buildFolder } = options
  const start = { args: [...args, ...folderOption], env, input, terminatedAt, buildFolder }
  const isOtherUser = asOrdinaryUser === true && process.getuid?.() === 0
  const isReal = [options.isRealProgram, redirection, asOrdinaryUser, terminal, program].some(Boolean)
  const started = isReal
    ? startRealProgram({ ...start, redirection, isOtherUser, terminal, program })
    : runInProcess(start)
  onTestFinished(started.end)
  let stdout = ''
  let stderr = ''
  started.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return {
    child: started.child,
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
    type: (text) => void started.stdin.write(text),
    closeStdout: () => void started.stdout.destroy(),
    exited: started.closed.then((code) => ({ code, stdout, stderr })),
  }
}

/** Runs it to its end. */
export const runCli = (options: CliOptions): RunningCli['exited'] =>
  startCli({ input: '', ...options }).exited
