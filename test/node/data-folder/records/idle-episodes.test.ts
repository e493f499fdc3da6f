import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openIdleEpisodes } from '../../../../src/node/data-folder/records/idle-episodes'
import { migratedFolder } from '../../../harness/data-folder/migrated-folder'

const episode = { accountId: 'a', podId: 'p', podStartedAtMs: null, nameMs: 1, lastIdleAtMs: 2 }
const newFolder = (): string => migratedFolder('podkeeper-episodes-')
const never = (text: string): void => expect.fail(text)

test('idle episodes of one program are known to another, for their owner only', () => {
  const folder = newFolder()
  const [app, watch] = [openIdleEpisodes(folder, never), openIdleEpisodes(folder, never)]
  expect(watch.load()).toEqual([])
  app.save([episode])
  expect(watch.load()).toEqual([episode])
  expect(statSync(join(folder, 'idle-episodes.json')).mode & 0o777).toBe(0o600)
})

test.each([
  '',
  '{',
  'null',
  '{"a":1}',
  '[null]',
  '[{"accountId":"a","podId":"p","podStartedAtMs":null,"nameMs":1e999,"lastIdleAtMs":2}]',
  `${JSON.stringify([episode])}${' '.repeat(1_100_000)}`,
])('a damaged or huge file holds no idle episodes (%#)', (text) => {
  const folder = newFolder()
  writeFileSync(join(folder, 'idle-episodes.json'), text)
  expect(openIdleEpisodes(folder, never).load()).toEqual([])
})

test('idle episodes that cannot be written are reported once, until they can be', () => {
  const folder = newFolder()
  const inTheWay = join(folder, 'idle-episodes.json.new')
  mkdirSync(join(inTheWay, 'x'), { recursive: true })
  const problems: string[] = []
  const store = openIdleEpisodes(folder, (text) => problems.push(text))
  store.save([episode])
  store.save([episode])
  expect(problems).toEqual([expect.stringMatching(/^Idle pods could not be saved/)])
  rmSync(inTheWay, { recursive: true })
  store.save([episode])
  expect(store.load()).toEqual([episode])
})
