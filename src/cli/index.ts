import { writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { CommanderError } from 'commander'
import { programText } from './handlers/cli-text'
import { createCommands } from './commands'
import { CliExit, exitCodes } from './output/exit'
import { createProgram } from './program/program'
import { configureFormats, localeOfEnvironment } from '../core/base/text/format'
import { plainText } from '../core/base/text/plain-text'
import { wentWrongText } from '../core/base/text/error-text'

declare const PODKEEPER_VERSION: string

/** As of a program that ends with the reader of its pipe. */
const BROKEN_PIPE = 141

// Node reads HTTP with WebAssembly, which V8 would optimize after a few replies: 50 ms of processor time and 30 MB for
// code that is fast enough. See docs/performance.md#command-line.
setFlagsFromString('--wasm-tiering-budget=1000000000')

const environmentKeys = {
  runpod: process.env['RUNPOD_API_KEY'],
  hubify: process.env['HUBIFY_API_KEY'] || process.env['HUBIFY_TOKEN'],
}
for (const name of ['RUNPOD_API_KEY', 'HUBIFY_API_KEY', 'HUBIFY_TOKEN']) delete process.env[name]
// A certificate that cannot be verified never receives the key, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']

for (const stream of [process.stdout, process.stderr]) stream.on('error', exitUnwritten)

configureFormats(localeOfEnvironment(process.env) ?? '')

const commands = createCommands({
  version: PODKEEPER_VERSION,
  environmentKeys,
  program: () => program,
})
const program = createProgram(PODKEEPER_VERSION, commands, exitAfterFlush)

try {
  program.exitOverride()
  for (const command of program.commands) command.exitOverride()
  await program.parseAsync()
} catch (cause) {
  if (cause instanceof CommanderError) exitAfterFlush(cause.exitCode === 0 ? exitCodes.ok : exitCodes.usage)
  else if (cause instanceof CliExit) {
    for (const line of cause.message.split('\n')) process.stderr.write(`${plainText(line)}\n`)
    exitAfterFlush(cause.exitCode)
  } else {
    const details = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    process.stderr.write(`${wentWrongText(details)}\n`)
    exitAfterFlush(exitCodes.failed)
  }
}

/** Exits once all output is written, without waiting for idle connections. */
function exitAfterFlush(exitCode: number): void {
  process.stdout.write('', (error) => (error ? exitUnwritten(error) : process.exit(exitCode)))
}

/** Who reads the output must not take a part of it for all. The reader of a pipe may go away, as `head` does. */
function exitUnwritten(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(BROKEN_PIPE)
  try {
    // Stderr may be what fails, and its stream would report that again.
    writeSync(process.stderr.fd, `${programText.outputNotWritten(error.message)}\n`)
  } catch {
    // The exit code says it.
  }
  process.exit(exitCodes.failed)
}
