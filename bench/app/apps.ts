import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { WebSocket } from 'undici'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import type { InspectorTarget } from '../profile/inspector'

const root = resolve(import.meta.dirname, '../..')
export const BARE_APP = join(root, 'bench/bare-app')
export const OUR_APP = root

/** An app started without a debugger. The only difference to normal use is an open debugging port where requested. */
export interface PlainApp {
  readonly pid: number
  /** Unix ms at which the process was spawned. */
  readonly startedAtMs: number
  /** Evaluates an expression in the page that shows `file`; only with `isOpen`. */
  evaluate(file: string, expression: string): Promise<unknown>
  /** Chromium's debugging port; only with `isOpen`. */
  debuggingPort(): Promise<number>
  close(): Promise<void>
}

export interface PlainOptions {
  readonly dataDir?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Opens Chromium's debugging port, for `evaluate`. */
  readonly isOpen?: boolean
  /** The port on which the main process waits for a debugger before its first line. */
  readonly inspectedAt?: number
}

/** Starts an app the way a user would. */
export async function startPlain(appDir: string, options: PlainOptions = {}): Promise<PlainApp> {
  const executable = process.env['PODKEEPER_ELECTRON']
  if (executable === undefined) throw new Error('The bench is started by `npm run bench`.')
  const dataDir = options.dataDir ?? (await newFolder())
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(options.isOpen === true ? ['--remote-debugging-port=0'] : []),
    ...(options.inspectedAt === undefined ? [] : [`--inspect-brk=${options.inspectedAt}`]),
    `--user-data-dir=${dataDir}`,
    appDir,
    ...(options.args ?? []),
  ]
  // Of an earlier run.
  await rm(join(dataDir, 'DevToolsActivePort'), { force: true })
  const startedAtMs = Date.now()
  // The test runtime uses a keyring only with a home folder of its own.
  const env = { ...process.env, PODKEEPER_TEST_HOME: join(dataDir, 'test-home'), ...options.env }
  const child = spawn(executable, args, { env, stdio: 'ignore' })
  const debuggingPort = async (): Promise<number> => {
    const text = await waitUntil('the debugging port', () =>
      readFile(join(dataDir, 'DevToolsActivePort'), 'utf8').catch(() => null),
    )
    return Number(text.split('\n')[0])
  }
  return {
    pid: child.pid ?? -1,
    startedAtMs,
    debuggingPort,
    async evaluate(file, expression) {
      const address = `http://127.0.0.1:${await debuggingPort()}/json/list`
      const target = await waitUntil(`the page ${file}`, async () => {
        const targets = (await (await fetch(address)).json()) as readonly InspectorTarget[]
        return targets.find(({ url }) => url.endsWith(`/${file}`))
      })
      return askPage(target.webSocketDebuggerUrl, expression)
    },
    close: () => ended(child),
  }
}

export const newFolder = (): Promise<string> =>
  mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'bench-'))

async function ended(child: ChildProcess): Promise<void> {
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null
  child.kill('SIGTERM')
  const deadline = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await waitUntil('the app to end', isOver)
  clearTimeout(deadline)
}

/**
 * Sends one request over Chromium's debugging protocol, because Playwright cannot attach to an Electron that it didn't
 * start.
 */
function askPage(address: string, expression: string): Promise<unknown> {
  return new Promise((settle, reject) => {
    const socket = new WebSocket(address)
    socket.addEventListener('error', () => reject(new Error(`${address} does not answer`)))
    socket.addEventListener('open', () =>
      socket.send(
        JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }),
      ),
    )
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as { id?: number; result?: { result?: { value?: unknown } } }
      if (answer.id !== 1) return
      socket.close()
      settle(answer.result?.result?.value)
    })
  })
}
