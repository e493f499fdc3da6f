import { spawnSync } from 'node:child_process'
import { ok } from '../../../src/core/base/result'
import { openActivityLog } from '../../../src/node/data-folder/activity-log'

/*
 * Writes into the log of a folder, under a limit of its files' size, until two entries were refused; then without the
 * limit once more. Says what the log said.
 */
const [, , folder = ''] = process.argv
const troubles: (string | null)[] = []
const log = openActivityLog({
  folder,
  mayWrite: () => ok(undefined),
  onTrouble: (problem) => troubles.push(problem),
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
