import { CommanderError } from 'commander'
import { createCommands } from './commands'
import { Ending, exitCodes } from './output/exit'
import { createProgram } from './program'
import { plainText } from '../core/base/plain-text'

declare const PODKEEPER_VERSION: string

const keyOfEnvironment = process.env['RUNPOD_API_KEY']
delete process.env['RUNPOD_API_KEY']
// A certificate that nobody vouches for gets no key, whatever a shell has set for something else.
delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']

// The reader of a pipe may go at any time, as `head` does.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 141 : 1))

const commands = createCommands({
  version: PODKEEPER_VERSION,
  keyOfEnvironment,
  program: () => program,
})
const program = createProgram(PODKEEPER_VERSION, commands, leave)

try {
  program.exitOverride()
  for (const command of program.commands) command.exitOverride()
  await program.parseAsync()
} catch (cause) {
  if (cause instanceof CommanderError) leave(cause.exitCode === 0 ? exitCodes.ok : exitCodes.usage)
  else if (cause instanceof Ending) {
    for (const line of cause.message.split('\n')) process.stderr.write(`${plainText(line)}\n`)
    leave(cause.exitCode)
  } else {
    process.stderr.write(`Podkeeper stumbled: ${cause instanceof Error ? cause.stack : String(cause)}\n`)
    leave(exitCodes.failed)
  }
}

/** Ends the process once everything is written; connections that idle do not hold it. */
function leave(exitCode: number): void {
  process.stdout.write('', () => process.exit(exitCode))
}
