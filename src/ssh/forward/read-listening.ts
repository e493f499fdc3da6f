import { randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '../../core/base/result'
import { type ListeningReading, listeningScript, parseListening } from '../../core/ports/listening-ports'
import type { SshTarget } from '../connection/ssh-shell'
import type { RunCommand } from '../run/run-command'
import type { RunFailure } from '../run/run-failure'

const LIMIT_MS = 30_000
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024

/** What listens on a pod. */
export async function readListening(
  runCommand: RunCommand,
  target: SshTarget,
  signal: AbortSignal,
): Promise<Result<ListeningReading, RunFailure>> {
  const nonce = randomBytes(12).toString('hex')
  const command = { script: listeningScript(nonce), limitMs: LIMIT_MS, maxOutputBytes: MAX_OUTPUT_BYTES }
  const ran = await runCommand(target, command, signal)
  if (!ran.ok) return ran
  const reading = parseListening(ran.value.bytes.toString('utf8').replaceAll('\r\n', '\n'), nonce)
  return reading === null
    ? fail({ kind: 'no-shell', reason: 'its shell could not read what listens' })
    : ok(reading)
}
