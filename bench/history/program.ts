import { writeSync } from 'node:fs'
import { createHistoryStore } from '../../src/core/history/history-store'
import { openHistoryFiles } from '../../src/node/data-folder/records/history-files'

/*
 * Records samples of three pods in a folder until it is killed, from a time on and as far apart as it is told, and
 * prints the time of each poll once it was recorded.
 */
const [, , folder = '', startText = '0', stepText = '1'] = process.argv
let nowMs = Number(startText)
const store = createHistoryStore({
  files: openHistoryFiles(folder, () => true),
  nowMs: () => nowMs,
  onProblem: (problem) => problem !== null && writeSync(2, `${problem}\n`),
})

function record(): void {
  for (let poll = 0; poll < 5; poll++) {
    const atMs = nowMs
    store.record(
      ['a', 'b', 'c'].map((podId) => ({
        podId,
        atMs,
        state: 'busy',
        isNewRun: false,
        gpus: [{ util: (atMs / 1_000) % 101, memory: 40 }],
        cpu: 5,
        memory: 20,
      })),
    )
    writeSync(1, `${atMs}\n`)
    nowMs += Number(stepText)
  }
  setImmediate(record)
}
record()
