import { writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { configureFormats, localeOfEnvironment } from '../core/base/text/format'
import { keepBuild } from '../node/installed-build'
import { programText } from './handlers/context/cli-text'
import { isAsciiLocale, writeAscii } from './output/ascii'
import { exitCodes } from './output/exit'
import { runProgram } from './run-program'

declare const PODKEEPER_VERSION: string

/** As of a program that ends with the reader of its pipe. */
const BROKEN_PIPE = 141

// Node reads HTTP with WebAssembly, which V8 would optimize after a few replies: 50 ms of processor time and 30 MB for
// code that is fast enough. See docs/performance.md#command-line.
setFlagsFromString('--wasm-tiering-budget=1000000000')

const { env, stdout, stderr } = process
// A certificate that cannot be verified never receives the key, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
delete env['NODE_TLS_REJECT_UNAUTHORIZED']

for (const stream of [stdout, stderr]) stream.on('error', exitUnwritten)
if (isAsciiLocale(env)) for (const stream of [stdout, stderr]) writeAscii(stream)

keepBuild(import.meta.dirname)

configureFormats(localeOfEnvironment(env) ?? '')

const exitCode = await runProgram(PODKEEPER_VERSION, {
  args: process.argv.slice(2),
  env,
  // Only a command that reads it opens it.
  get stdin() {
    return process.stdin
  },
  stdout,
  stderr,
  events: process,
  suspend: () => process.kill(process.pid, 'SIGSTOP'),
  programPath: process.argv[1] ?? 'podkeeper',
  buildFolder: import.meta.dirname,
  async showNotification(alert) {
    const { showDesktopNotification } = await import('./watch/notifier')
    return showDesktopNotification(alert, env)
  },
})
// All output is written first. Idle connections are not waited for.
stdout.write('', (error) => (error ? exitUnwritten(error) : process.exit(exitCode)))

/** Who reads the output must not take a part of it for all. The reader of a pipe may go away, as `head` does. */
function exitUnwritten(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(BROKEN_PIPE)
  try {
    // Stderr may be what fails, and its stream would report that again.
    writeSync(stderr.fd, `${programText.outputNotWritten(error.message)}\n`)
  } catch {
    // The exit code says it.
  }
  process.exit(exitCodes.failed)
}
