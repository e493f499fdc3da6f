import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openKnownPods } from '../../../../src/node/data-folder/records/known-pods'
import { migratedFolder } from '../../../harness/data-folder/migrated-folder'

const known = { listedAtMs: 2, pods: { p: 1 }, appearances: [] }
const newFolder = (): string => migratedFolder('podkeeper-known-')
const never = (text: string): void => expect.fail(text)

test('the known pods of each account are kept, for their owner only', () => {
  const folder = newFolder()
  const [app, watch] = [openKnownPods(folder, never), openKnownPods(folder, never)]
  expect(watch.load('a')).toBe(null)
  app.save('a', known)
  watch.save('b', { ...known, listedAtMs: 3 })
  expect([app.load('a'), app.load('b')?.listedAtMs]).toEqual([known, 3])
  expect(statSync(join(folder, 'known-pods.json')).mode & 0o777).toBe(0o600)
})

test.each(['', '{', 'null', '{"version":2,"accounts":{}}', '{"version":1,"accounts":{"a":{"pods":{}}}}'])(
  'of a damaged file nothing is known: %s',
  (text) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'known-pods.json'), text)
    expect(openKnownPods(folder, never).load('a')).toBe(null)
  },
)

test('a failed write is reported once, until one succeeds', () => {
  const folder = newFolder()
  const inTheWay = join(folder, 'known-pods.json.new')
  mkdirSync(join(inTheWay, 'x'), { recursive: true })
  const problems: string[] = []
  const store = openKnownPods(folder, (text) => problems.push(text))
  store.save('a', known)
  store.save('a', known)
  expect(problems).toHaveLength(1)
  rmSync(inTheWay, { recursive: true })
  store.save('a', known)
  expect(store.load('a')).toEqual(known)
})
