import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { createHistoryStore } from '../../../src/core/history/history-store'
import { openHistoryFiles } from '../../../src/node/data-folder/records/history-files'
import { fileFaults } from '../../harness/data-folder/file-faults'
import { usageSample } from '../../harness/samples/usage-history'

vi.mock('node:fs', async (original) => {
  const { withFileFaults } = await import('../../harness/data-folder/file-faults')
  return withFileFaults(await original())
})

afterEach(() => void Object.assign(fileFaults, { kind: 'none' }))

const START_MS = Date.UTC(2026, 10, 24)

test('a full disk gets no file for each poll, and all polls once there is room', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-history-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const store = createHistoryStore({
    files: openHistoryFiles(folder, () => true),
    nowMs: () => START_MS,
    onProblem: () => {},
  })
  const poll = async (minute: number) => {
    store.record([usageSample({ atMs: START_MS + minute * MINUTE_MS })])
    await store.settled()
  }
  await poll(0)
  Object.assign(fileFaults, { kind: 'full', fromStep: 0, steps: 0 })
  for (let minute = 1; minute <= 20; minute++) await poll(minute)
  Object.assign(fileFaults, { kind: 'none' })
  expect(readdirSync(folder)).toEqual(['journal-000001'])
  await poll(21)
  expect(await store.samples('pod-1', START_MS, START_MS * 2)).toHaveLength(22)
})
