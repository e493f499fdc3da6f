import { randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '../../core/base/result'
import type { SshRoute } from '../../core/pods/pod'
import type { JobHostKeys } from '../../core/terminal/seen-host-key'
import type { Connect } from '../connection/connect'
import { type ShellKind, startShell } from '../connection/shell'
import type { SshShell, SshTarget } from '../connection/ssh-shell'
import { beginningOf, framedOutput, framedScript } from './framed-script'
import { type RunFailure, toRunFailure } from './run-failure'
import { typeScript } from './type-script'
import { unattendedPrompts } from './unattended'

export interface Command {
  /** For POSIX `sh`: printable ASCII characters and line feeds. */
  readonly script: string
  /** Time limit for all of it, connecting included, ms. */
  readonly limitMs: number
  /** Default: 256 KiB. */
  readonly maxOutputBytes?: number
}

export interface CommandOutput {
  readonly route: SshRoute
  /** Null if the output was cut off before the command ended. */
  readonly exitCode: number | null
  /** Standard output and error, together. */
  readonly bytes: Buffer
  /** Whether there was more output than allowed. */
  readonly isCutOff: boolean
}

/**
 * Runs a command in a pod without asking anything: over a trusted host key only, with a key that opens without
 * a passphrase. By a channel of its own on a direct connection, and by typing into the shell of a proxy, which
 * offers nothing else. Ends within its limit, or when `signal` aborts, and then so does the connection. See
 * docs/quality.md#3-ssh.
 */
export type RunCommand = (
  target: SshTarget,
  command: Command,
  signal: AbortSignal,
  jobHostKeys?: JobHostKeys,
) => Promise<Result<CommandOutput, RunFailure>>

const MAX_OUTPUT_BYTES = 256 * 1024
/** What may come before and after the output: greetings, prompts, the echo of what is typed. */
const MAX_OTHER_BYTES = 64 * 1024
/** Wide enough that a shell doesn't wrap what is typed. */
const typedShell: ShellKind = { kind: 'terminal', size: { columns: 250, rows: 50 } }
const scriptShell: ShellKind = { kind: 'script', command: 'sh' }
/** Our random word is seen twice in the output, and once more for each line that a shell echoes. */
const MAX_NONCES = 500
const MAX_MARKER_BYTES = 64

export function createRunCommand(connect: Connect): RunCommand {
  return async (target, command, signal, jobHostKeys) => {
    const { limitMs } = command
    const ending = new AbortController()
    let whyEnded: RunFailure = { kind: 'aborted', reason: 'it was canceled' }
    const abort = (): void => ending.abort()
    const timer = setTimeout(() => {
      whyEnded = { kind: 'timed-out', reason: `it took longer than ${Math.round(limitMs / 1000)} s` }
      abort()
    }, limitMs)
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    try {
      const prompts = unattendedPrompts(jobHostKeys)
      const shell = await connect(target, prompts, ending.signal, (connection, server, opening) => {
        const kind = server.route === 'direct' ? scriptShell : typedShell
        return startShell(connection, server, kind, opening)
      })
      const result = shell.ok
        ? await runInShell(shell.value, command, ending.signal)
        : fail(toRunFailure(shell.error, prompts.question()))
      return result === 'aborted' || (ending.signal.aborted && !result.ok) ? fail(whyEnded) : result
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }
}

function runInShell(
  shell: SshShell,
  { script, maxOutputBytes = MAX_OUTPUT_BYTES }: Command,
  signal: AbortSignal,
): Promise<Result<CommandOutput, RunFailure> | 'aborted'> {
  const { route } = shell.server
  const nonce = randomBytes(12).toString('hex')
  const write = (text: string): void => shell.write(Buffer.from(text))
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let receivedBytes = 0
    let latest: Buffer = Buffer.alloc(0)
    let nonces = 0
    const typist = route === 'proxy' ? typeScript(script, nonce, write) : null
    const settle = (result: Result<CommandOutput, RunFailure> | 'aborted'): void => {
      typist?.stop()
      signal.removeEventListener('abort', onAbort)
      shell.close()
      resolve(result)
    }
    const onAbort = (): void => settle('aborted')
    signal.addEventListener('abort', onAbort)
    shell.onData((bytes) => {
      const isTooMuch = (): boolean => receivedBytes > maxOutputBytes + MAX_OTHER_BYTES || nonces > MAX_NONCES
      if (isTooMuch()) return
      parts.push(Buffer.from(bytes))
      receivedBytes += bytes.length
      // All of it is searched only where that may help, because a hostile server could send single bytes.
      latest = Buffer.concat([latest.subarray(-MAX_MARKER_BYTES), bytes])
      typist?.onOutput(latest)
      const hasNonce = latest.includes(nonce)
      if (hasNonce) nonces += 1
      if (!hasNonce && !isTooMuch()) return
      const result = readResult(Buffer.concat(parts), nonce, maxOutputBytes, isTooMuch())
      if (result !== null) settle(result === 'no-answer' ? fail(noAnswer) : ok({ route, ...result }))
    })
    shell.onEnd((end) => {
      const why = end.kind === 'lost' ? ` (${end.reason.replace(/\.$/, '')})` : ''
      settle(fail({ kind: 'connection-lost', reason: `the connection ended before the command did${why}` }))
    })
    if (signal.aborted) onAbort()
    else if (typist === null) write(framedScript(script, nonce))
  })
}

const noAnswer: RunFailure = { kind: 'no-answer', reason: 'its shell printed too much and ran nothing' }

/** Null: more is to come. */
function readResult(
  received: Buffer,
  nonce: string,
  maxOutputBytes: number,
  isTooMuch: boolean,
): Omit<CommandOutput, 'route'> | 'no-answer' | null {
  const output = framedOutput(received, nonce)
  if (output !== null) {
    const { exitCode, bytes } = output
    return { exitCode, bytes: bytes.subarray(0, maxOutputBytes), isCutOff: bytes.length > maxOutputBytes }
  }
  if (!isTooMuch) return null
  const bytes = beginningOf(received, nonce)
  return bytes === null
    ? 'no-answer'
    : { exitCode: null, bytes: bytes.subarray(0, maxOutputBytes), isCutOff: true }
}
