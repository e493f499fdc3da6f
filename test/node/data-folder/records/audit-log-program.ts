import { spawnSync } from 'node:child_process'
import { ok } from '../../../../src/core/base/result'
import { openAuditLog } from '../../../../src/node/data-folder/records/audit-log'

/*
 * Writes to the log of a folder under a file size limit until two entries were rejected, then once more
 * without the limit. Prints what the log reported.
 */
const [, , folder = ''] = process.argv
const troubles: (string | null)[] = []
const log = openAuditLog({
  folder,
  mayWrite: () => ok(undefined),
  onWriteProblem: (problem) => troubles.push(problem),
})
const record = (text: string): boolean =>
  log.record({
    atMs: 0,
    accountId: null,
    podId: null,
    podName: null,
    kind: 'decision',
    what: 'test',
    text,
    tone: 'plain',
  }).ok

let written = 0
while (record(`entry ${written + 1}`)) written += 1
record('refused as well')
spawnSync('prlimit', [`--pid=${process.pid}`, '--fsize=unlimited'])
const isBack = record('after')
process.stdout.write(JSON.stringify({ written, isBack, troubles }))
