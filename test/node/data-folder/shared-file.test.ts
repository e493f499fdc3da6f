import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect, it } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import {
  changedTo,
  openSharedFile,
  type SharedFile,
  type SharedFileOptions,
  sharedFileTexts,
} from '../../../src/node/data-folder/shared-file'
import { dataFolder, tempFolder } from '../../harness/ssh/openssh-for-test'

const fileSchema = v.pipe(
  v.object({ version: v.literal(1), words: v.array(v.string()) }),
  v.transform(({ words }) => words),
)

const openWords = (
  folder: string,
  options: Partial<SharedFileOptions<readonly string[]>> = {},
): SharedFile<readonly string[]> =>
  openSharedFile({
    folder,
    name: 'words.json',
    maxBytes: 100,
    empty: [],
    schema: fileSchema,
    serialize: (words) => JSON.stringify({ version: 1, words }),
    texts: sharedFileTexts('words'),
    ...options,
  })

const add = (file: SharedFile<readonly string[]>, word: string): unknown =>
  file.change((words) => changedTo([...words, word]))

it('a change is made to what another program saved meanwhile, and leaves no lock', () => {
  const folder = dataFolder('shared')
  const [one, other] = [openWords(folder), openWords(folder)]
  expect([one.load(), readdirSync(folder)]).toEqual([ok([]), ['format.json']])
  expect([add(one, 'a'), add(other, 'b')]).toEqual([ok(undefined), ok(undefined)])
  expect(other.change((words) => ok({ next: words, result: words.length }))).toEqual(ok(2))
  expect(one.load()).toEqual(ok(['a', 'b']))
  expect(readdirSync(folder)).toEqual(['format.json', 'words.json'])
})

it('a program that lost the lock while it made its change writes nothing, and says so', () => {
  const folder = dataFolder('shared')
  const file = openWords(folder)
  add(file, 'a')
  const before = readFileSync(file.path, 'utf8')
  const changed = file.change((words) => {
    // As another program does that found this one's lock too old.
    writeFileSync(`${file.path}.lock`, `${process.pid} 0123456789abcdef`)
    return changedTo([...words, 'b'])
  })
  expect(changed).toEqual(fail('Another Podkeeper is changing the words. Try again.'))
  expect(readFileSync(file.path, 'utf8')).toBe(before)
  // The other program's lock stays.
  expect(readdirSync(folder)).toContain('words.json.lock')
})

it('a damaged file is copied before it is replaced, and stays where the change is refused or changes nothing', () => {
  const folder = dataFolder('shared')
  const file = openWords(folder)
  const copies = (): readonly string[] => readdirSync(folder).filter((name) => name.includes('damaged'))
  writeFileSync(file.path, '{"version":2,"words":[]}')
  expect(file.load()).toEqual(fail('The words can’t be read: words.json is damaged.'))
  expect(file.change(() => fail('No.'))).toEqual(fail('No.'))
  file.change((words, isDamaged) => ok({ next: words, result: isDamaged }))
  expect([copies(), readFileSync(file.path, 'utf8')]).toEqual([[], '{"version":2,"words":[]}'])
  add(file, 'a')
  expect([copies().length, file.load()]).toEqual([1, ok(['a'])])
  expect(readFileSync(join(folder, copies()[0]!), 'utf8')).toBe('{"version":2,"words":[]}')
})

it('a file of which a part is damaged is copied, too', () => {
  const folder = dataFolder('shared')
  const file = openWords(folder, { isPartlyDamaged: (words) => words.includes('?') })
  writeFileSync(file.path, '{"version":1,"words":["a","?"]}')
  expect(file.read()).toEqual({ value: ['a', '?'], isDamaged: true })
  file.change(() => changedTo(['a']))
  expect(readdirSync(folder).some((name) => name.startsWith('words.json.damaged-'))).toBe(true)
})

it('a file that can’t be read is never replaced, unless it counts for little', () => {
  const folder = dataFolder('shared')
  const file = openWords(folder)
  writeFileSync(file.path, 'x'.repeat(101))
  expect(add(file, 'a')).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^The words could not be saved: .* is larger/),
  })
  expect(readFileSync(file.path, 'utf8')).toHaveLength(101)
  expect(add(openWords(folder, { whenDamaged: 'replaced' }), 'a')).toEqual(ok(undefined))
  expect([file.load(), readdirSync(folder)]).toEqual([ok(['a']), ['format.json', 'words.json']])
})

it('a file that could not be read again is not written', () => {
  const file = openWords(dataFolder('shared'))
  add(file, 'a')
  expect(add(file, 'b'.repeat(100))).toEqual(fail('All words together are too large. Delete one first.'))
  expect(file.load()).toEqual(ok(['a']))
})

it('a folder in a newer format is left alone', () => {
  const folder = tempFolder('newer')
  writeFileSync(join(folder, 'format.json'), '{"version":999}')
  expect(add(openWords(folder), 'a')).toMatchObject({ ok: false })
  expect(readdirSync(folder)).toEqual(['format.json'])
})

it('a file that can’t be written leaves what was saved, and says why', () => {
  const folder = dataFolder('shared')
  mkdirSync(join(folder, 'words.json.lock'))
  expect(add(openWords(folder), 'a')).toMatchObject({ ok: false })
  expect(readdirSync(folder)).toEqual(['format.json', 'words.json.lock'])
})
