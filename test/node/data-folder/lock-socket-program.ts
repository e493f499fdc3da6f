import { claimWriterLock } from '../../../src/node/data-folder/lock-socket'

/* Tries to take the lock of the folder it is given, says what it got, and lives until its input ends. */
const claimed = await claimWriterLock(process.argv[2] ?? '', 'app')
process.stdout.write(`${claimed.ok ? claimed.value.kind : claimed.error}\n`)
process.stdin.resume()
