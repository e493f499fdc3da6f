import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { presetJson } from '../../../src/core/creation/form/preset-codec'
import { MAX_PRESETS, openPresetsFile } from '../../../src/node/data-folder/presets-file'
import { podForm } from '../../harness/samples/pod-forms'

function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-presets-'))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  return folder
}

const preset = JSON.parse(presetJson(podForm())) as unknown
const names = (folder: string): readonly string[] => {
  const listed = openPresetsFile(folder).list()
  if (!listed.ok) throw new Error(listed.error)
  return listed.value.map(({ name }) => name)
}

test('a folder without presets has none, and gets no file by being looked at', () => {
  const folder = newDataFolder()
  expect(names(folder)).toEqual([])
  expect(readdirSync(folder)).not.toContain('presets.json')
})

test('presets of a later version stay in the file, and are not offered', () => {
  const folder = newDataFolder()
  const later = { name: 'later', preset: { kind: 'podkeeper-preset', version: 9, form: {} } }
  writeFileSync(join(folder, 'presets.json'), JSON.stringify({ version: 1, presets: [later] }))
  expect(names(folder)).toEqual([])
  openPresetsFile(folder).save('now', preset)
  expect(names(folder)).toEqual(['now'])
  expect(readFileSync(join(folder, 'presets.json'), 'utf8')).toContain('"version":9')
})

test('a damaged file is copied aside before it is replaced, and nothing is lost by reading it', () => {
  const folder = newDataFolder()
  for (const text of ['{', '[]', '{"version":7,"presets":[]}', '\0\0']) {
    writeFileSync(join(folder, 'presets.json'), text)
    expect(openPresetsFile(folder).list()).toMatchObject({ ok: false })
    expect(openPresetsFile(folder).save('x', preset)).toMatchObject({ ok: true })
    expect(names(folder)).toEqual(['x'])
    const copies = readdirSync(folder).filter((name) => name.startsWith('presets.json.damaged-'))
    expect(copies.map((name) => readFileSync(join(folder, name), 'utf8'))).toContain(text)
  }
})

test('a folder of a newer format is not written to', () => {
  const folder = newDataFolder()
  writeFileSync(join(folder, 'format.json'), '{"version":99}')
  expect(openPresetsFile(folder).save('x', preset)).toMatchObject({ ok: false })
  expect(readdirSync(folder)).not.toContain('presets.json')
})

test('there can be so many and no more, and one can still be replaced', () => {
  const folder = newDataFolder()
  const presets = Array.from({ length: MAX_PRESETS }, (_, index) => ({ name: `p${index}`, preset }))
  writeFileSync(join(folder, 'presets.json'), JSON.stringify({ version: 1, presets }))
  const file = openPresetsFile(folder)
  expect(file.save('one more', preset)).toMatchObject({ ok: false })
  expect(file.save('p7', preset)).toMatchObject({ ok: true })
  expect(file.remove('p8')).toMatchObject({ ok: true })
  expect(file.save('one more', preset)).toMatchObject({ ok: true })
  expect(file.rename('gone', 'x')).toMatchObject({ ok: false })
})

test('a file that could not be read again is not written', () => {
  const folder = newDataFolder()
  const file = openPresetsFile(folder)
  const large = { ...(preset as object), padding: 'x'.repeat(1_500_000) }
  expect(file.save('one', large)).toMatchObject({ ok: true })
  expect(file.save('two', large)).toMatchObject({ ok: true })
  expect(file.save('three', large)).toMatchObject({ ok: false })
  expect(names(folder)).toEqual(['one', 'two'])
  expect(file.remove('one')).toMatchObject({ ok: true })
  expect(file.save('three', large)).toMatchObject({ ok: true })
})
