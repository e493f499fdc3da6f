import type { TerminalProcessRequest } from '../shared/terminal-process'
import { loadEmulator } from './emulator'
import { createTerminalServer } from './serve-terminals'

/*
 * A process of its own that parses the output of pods, so that nothing they print can stop the app. It has no SSH
 * connection, no key and no environment. An error ends it, and main starts another one; a terminal that was at work at
 * two such ends is closed. See src/main/terminals/process/terminal-process.ts.
 */
const server = loadEmulator().then(createTerminalServer)

async function answer(request: TerminalProcessRequest): Promise<void> {
  const serve = await server
  process.parentPort.postMessage(await serve(request))
}

process.on('uncaughtException', () => process.exit(1))
process.parentPort.on('message', ({ data }) => {
  answer(data as TerminalProcessRequest).catch(() => process.exit(1))
})
