import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { killWhileRecording } from '../../../../bench/history/kills'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { createUsageHistories } from '../../../../src/node/usage-histories'
import { historyFolder } from '../../../../src/node/data-folder/records/history-files'
import { BUILT_WITHIN_MS } from '../../../harness/setup/built-once'
import { buildProgram } from '../../../harness/setup/build-program'
import { usageSample } from '../../../harness/samples/usage-history'

const START_MS = Date.UTC(2026, 10, 24)

function newHistories(options: { readonly mayWrite?: () => boolean } = {}) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'podkeeper-histories-'))
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }))
  const problems: (string | null)[] = []
  const open = () =>
    createUsageHistories({
      dataFolder,
      mayWrite: options.mayWrite ?? (() => true),
      nowMs: () => START_MS,
      onProblem: (_accountId, problem) => problems.push(problem),
    })
  return { dataFolder, problems, open }
}

async function recordHours(
  histories: ReturnType<ReturnType<typeof newHistories>['open']>,
  accountId: string,
) {
  const store = histories.of(accountId, true)
  for (let atMs = START_MS; atMs < START_MS + 3 * HOUR_MS; atMs += 30 * MINUTE_MS)
    store.record([usageSample({ atMs })])
  await store.settled()
  return store
}

test('a history lasts, is private to the user, and is one of each account', async () => {
  const { dataFolder, open } = newHistories()
  await recordHours(open(), 'one/../x')
  expect(readdirSync(join(dataFolder, 'history'))).toEqual(['one____x'])
  const folder = historyFolder(dataFolder, 'one/../x')
  expect(statSync(folder).mode & 0o077).toBe(0)
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
  const again = open()
  expect(await again.of('one/../x', true).samples('pod-1', START_MS, START_MS + 3 * HOUR_MS)).toHaveLength(6)
  expect(await again.of('two', true).samples('pod-1', START_MS, START_MS + 3 * HOUR_MS)).toEqual([])
})

test('the history of a removed account is gone, and comes back with nothing', async () => {
  const { dataFolder, open } = newHistories()
  const histories = open()
  const store = await recordHours(histories, 'one')
  await recordHours(histories, 'two')
  await histories.remove('one')
  store.record([usageSample({ atMs: START_MS + 4 * HOUR_MS })])
  expect(readdirSync(join(dataFolder, 'history'))).toEqual(['two'])
  expect(await histories.of('one', true).samples('pod-1', 0, START_MS * 2)).toEqual([])
  expect(await histories.of('two', true).samples('pod-1', 0, START_MS * 2)).toHaveLength(6)
})

test('the demo keeps its history in memory, and a program that only shows writes none', async () => {
  const { dataFolder, open } = newHistories()
  const demo = open().of('demo', false)
  demo.record([usageSample()])
  expect(await demo.samples('pod-1', 0, START_MS * 2)).toHaveLength(1)
  const passive = newHistories({ mayWrite: () => false })
  await recordHours(passive.open(), 'one')
  expect([...readdirSync(dataFolder), ...readdirSync(passive.dataFolder)]).toEqual([])
})

test('files that are damaged, cut off or in the way lose no more than what was in them', async () => {
  const { dataFolder, problems, open } = newHistories()
  await recordHours(open(), 'one')
  const folder = historyFolder(dataFolder, 'one')
  writeFileSync(join(folder, 'samples-2026112400'), 'x'.repeat(300))
  appendFileSync(
    join(folder, readdirSync(folder).find((name) => name.startsWith('journal')) ?? ''),
    Buffer.of(0xf5, 0x9e, 9),
  )
  writeFileSync(join(folder, 'samples-99999999'), 'no such day')
  const store = open().of('one', true)
  expect(await store.samples('pod-1', START_MS, START_MS + 3 * HOUR_MS)).toHaveLength(4)
  store.record([usageSample({ atMs: START_MS + 3 * HOUR_MS })])
  await store.settled()
  expect(await store.samples('pod-1', START_MS, START_MS + 4 * HOUR_MS)).toHaveLength(5)
  expect(problems).toEqual([])
})

test('a folder that is a file stops nothing, and is reported once', async () => {
  const { dataFolder, problems, open } = newHistories()
  writeFileSync(join(dataFolder, 'history'), '')
  const store = await recordHours(open(), 'one')
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^The history of your pods can’t be written: /)
  expect(await store.samples('pod-1', START_MS, START_MS + 3 * HOUR_MS)).toHaveLength(6)
})

test(
  'a program that is killed while it records loses nothing that it recorded',
  { timeout: BUILT_WITHIN_MS },
  async () => {
    expect(await killWhileRecording(await buildProgram('bench/history/program.ts'), 12)).toEqual([])
  },
)
