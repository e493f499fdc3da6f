import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lastSnapshotsOf } from '../../../src/core/view/last-snapshot/last-snapshot'
import type { LastSnapshot } from '../../../src/core/view/last-snapshot/last-snapshot-codec'
import { mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import { noBudgets } from '../../../src/core/money/money-view'
import { openLastSnapshotsFile } from '../../../src/node/data-folder/last-snapshots-file'
import { migratedFolder } from '../../harness/data-folder/migrated-folder'
import { accountEntry, NOW_MS, podView, snapshotOf } from '../../harness/samples/pod-views'

const accountOf = (id: string, podCount = 1): LastSnapshot => {
  const pods = Array.from({ length: podCount }, (_, index) => podView({ accountId: id, id: `pod-${index}` }))
  const account = { entry: accountEntry({ id }), snapshot: snapshotOf(pods, { accounts: [] }) }
  const [last] = lastSnapshotsOf(mergeSnapshots([account], noBudgets, NOW_MS))
  return last!
}
const newFolder = (): string => migratedFolder('podkeeper-last-')
const never = (text: string): void => expect.fail(text)

test('the pods of each account outlive the program, and are for their owner only', () => {
  const folder = newFolder()
  const accounts = [accountOf('a'), accountOf('b', 3)]
  expect(openLastSnapshotsFile(folder, never).load()).toEqual([])
  expect(openLastSnapshotsFile(folder, never).save(accounts)).toBe(true)
  expect(openLastSnapshotsFile(folder, never).load()).toEqual(accounts)
  expect(statSync(join(folder, 'last-snapshots.json')).mode & 0o777).toBe(0o600)
  // A file that others may read is replaced by one that they may not.
  rmSync(join(folder, 'last-snapshots.json'))
  writeFileSync(join(folder, 'last-snapshots.json'), '{}', { mode: 0o644 })
  openLastSnapshotsFile(folder, never).save(accounts)
  expect(statSync(join(folder, 'last-snapshots.json')).mode & 0o777).toBe(0o600)
})

test.each(['', '{', 'null', '[3]', '{"version":1,"accounts":[{}]}', ' '.repeat(9_000_000)])(
  'a damaged or huge file has no pods (%#)',
  (text) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'last-snapshots.json'), text)
    expect(openLastSnapshotsFile(folder, never).load()).toEqual([])
  },
)

test('what is no file has no pods', () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'last-snapshots.json'))
  expect(openLastSnapshotsFile(folder, never).load()).toEqual([])
})

test('the file can always be read again: the largest accounts are left out of one that is too large', () => {
  const folder = newFolder()
  const large = Array.from({ length: 12 }, (_, index) => accountOf(`large-${index}`, 1_990))
  openLastSnapshotsFile(folder, never).save([accountOf('small'), ...large])
  const ids = openLastSnapshotsFile(folder, never)
    .load()
    .map(({ accountId }) => accountId)
  expect(ids).toContain('small')
  expect(ids.length).toBeGreaterThan(1)
  expect(statSync(join(folder, 'last-snapshots.json')).size).toBeLessThanOrEqual(8 * 1_024 * 1_024)
})

test('pods that cannot be written are reported once, until they can be', () => {
  const folder = newFolder()
  const inTheWay = join(folder, 'last-snapshots.json.new')
  mkdirSync(join(inTheWay, 'x'), { recursive: true })
  const problems: string[] = []
  const store = openLastSnapshotsFile(folder, (text) => problems.push(text))
  expect(store.save([accountOf('a')])).toBe(false)
  store.save([accountOf('a')])
  expect(problems).toEqual([expect.stringMatching(/^The pods could not be saved for the next start/)])
  rmSync(inTheWay, { recursive: true })
  expect(store.save([accountOf('a')])).toBe(true)
  expect(readFileSync(join(folder, 'last-snapshots.json'), 'utf8')).toContain('"accountId":"a"')
})
