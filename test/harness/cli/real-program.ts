import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { beforeAll } from 'vitest'
import { buildCli, cliProgram } from '../../../scripts/lib/build.mjs'
import { BUILT_WITHIN_MS, builtOnce } from '../setup/built-once'
import type { CliStart, StartedCli } from './started-cli'

let isBuilt = false

/**
 * For a test file that starts the real program: it is the build in out/cli, built again if a source is newer, once for
 * all test files of a run.
 */
export function useRealCli(): void {
  beforeAll(async () => {
    await builtOnce('cli', async (marker) => {
      await buildCli()
      mkdirSync(marker)
    })
    isBuilt = true
  }, BUILT_WITHIN_MS)
}

export function realCliProgram(): string {
  if (!isBuilt) throw new Error('A test file that starts the real program calls useRealCli() first.')
  return cliProgram
}

/** How the real program is started. */
export interface RealStart extends CliStart {
  /** Of a shell, such as "> /dev/full". */
  readonly redirection: string | undefined
  readonly isOtherUser: boolean
  /** Default: the build in out/cli. */
  readonly program: string | undefined
  readonly terminal: { readonly columns: number; readonly rows: number } | undefined
}

/** Starts the real program as a separate process. */
export function startRealProgram({ args, env, input, ...how }: RealStart): StartedCli {
  const program = how.program ?? realCliProgram()
  const command = [process.execPath, how.isOtherUser ? readableCopy(program) : program, ...args]
  const child = how.terminal
    ? spawn(
        'script',
        [
          '-qfec',
          `stty cols ${how.terminal.columns} rows ${how.terminal.rows}; exec ${command.map(quoted).join(' ')}`,
          '/dev/null',
        ],
        { env, detached: true },
      )
    : spawn(...startOf(command, how.redirection), {
        env,
        ...(how.isOtherUser && { uid: NOBODY, gid: NOBODY }),
      })
  if (input !== undefined) child.stdin.end(input)
  const closed = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return {
    child,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    closed,
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await closed
    },
  }
}

/** A shell is started only to redirect the output: a computer may have none in its PATH. */
function startOf(command: readonly string[], redirection: string | undefined): [string, string[]] {
  const [program = '', ...args] = command
  return redirection === undefined
    ? [program, args]
    : ['sh', ['-c', `exec ${command.map(quoted).join(' ')} ${redirection}`]]
}

const NOBODY = 65_534

/** The checkout may be in a private folder. */
function readableCopy(program: string): string {
  const folder = copyOfCli()
  chmodSync(folder, 0o755)
  return join(folder, basename(program))
}

/** A folder with the entry and the build that it starts, and no earlier ones. Call `useRealCli` first. */
export function copyOfCli(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-program-'))
  const program = realCliProgram()
  cpSync(program, join(folder, basename(program)))
  const built = builtCliFolder()
  cpSync(built, join(folder, relative(dirname(program), built)), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  })
  return folder
}

/** The folder of the files that a start of `program` runs. Call `useRealCli` first. */
export function builtCliFolder(program = realCliProgram()): string {
  const [, file = ''] = /^import '(.*)'$/m.exec(readFileSync(program, 'utf8')) ?? []
  return join(dirname(program), dirname(file))
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
