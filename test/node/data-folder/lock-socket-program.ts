import { claimFolderLock } from '../../../src/node/data-folder/lock/lock-socket'

/* Tries to take the lock of the given folder, prints the result, and lives until its input ends. */
const claimed = await claimFolderLock(process.argv[2] ?? '', 'app')
process.stdout.write(`${claimed.ok ? claimed.value.kind : claimed.error}\n`)
process.stdin.resume()
