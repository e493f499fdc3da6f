import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { presetJson } from '../../../src/core/creation/form/preset-codec'
import { createPresetRequests } from '../../../src/main/creation/preset-requests'
import { openPresetsFile } from '../../../src/node/data-folder/presets-file'
import { podForm } from '../../harness/samples/pod-forms'

function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-presets-'))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  return folder
}

function open() {
  const folder = newDataFolder()
  const path = { current: null as string | null }
  const dialogs = {
    chooseSavePath: (name: string) =>
      Promise.resolve(path.current === null ? null : join(folder, path.current || name)),
    chooseOpenPath: () => Promise.resolve(path.current === null ? null : join(folder, path.current)),
  }
  const requests = createPresetRequests(openPresetsFile(folder), dialogs)
  const names = async () => {
    const listed = await requests.presets()
    return listed.ok ? listed.value.map(({ name }) => name) : listed.error
  }
  return { folder, path, requests, names }
}
const preset = presetJson(podForm({ environment: 'B={{ RUNPOD_SECRET_hf }}\nA=canary' }))

test('presets are saved, listed by name, renamed and deleted, and a deletion can be undone', async () => {
  const { folder, requests, names } = open()
  expect(requests.savePreset('night', preset)).toMatchObject({ ok: true })
  expect(requests.savePreset(' Day\u202E ', preset)).toMatchObject({ ok: true })
  expect(await names()).toEqual(['Day', 'night'])
  const listed = await requests.presets()
  expect(listed.ok && listed.value[0]?.preset).toBe(preset)
  expect(requests.renamePreset('night', 'Day')).toMatchObject({ ok: false })
  expect(requests.renamePreset('night', 'late')).toMatchObject({ ok: true })
  expect(requests.deletePreset('Day')).toMatchObject({ ok: true })
  expect(await names()).toEqual(['late'])
  expect(requests.savePreset('Day', preset)).toMatchObject({ ok: true })
  expect(await names()).toEqual(['Day', 'late'])
  expect(readFileSync(join(folder, 'presets.json'), 'utf8')).not.toContain('canary')
})

test('what is no preset is not saved, and nothing of a text but the preset is', async () => {
  const { folder, requests, names } = open()
  for (const text of ['', '{}', '[]', 'x'.repeat(1_000), '{"kind":"podkeeper-preset","version":2}'])
    expect(requests.savePreset('x', text)).toMatchObject({ ok: false })
  expect(requests.savePreset('\u202E', preset)).toMatchObject({ ok: false })
  const more = JSON.stringify({
    ...(JSON.parse(preset) as object),
    secret: 'canary',
    form: { ...JSON.parse(preset).form, x: 'canary' },
  })
  expect(requests.savePreset('x', more)).toMatchObject({ ok: true })
  expect(readFileSync(join(folder, 'presets.json'), 'utf8')).not.toContain('canary')
  expect(await names()).toEqual(['x'])
})

test('a preset is exported and imported by the dialog, and an import replaces none', async () => {
  const { folder, path, requests, names } = open()
  await requests.savePreset('../../etc/night: 1', preset)
  path.current = ''
  expect(await requests.exportPreset('../../etc/night: 1')).toMatchObject({ ok: true })
  const file = readdirSync(folder).find((name) => name.includes('night'))!
  expect(file).toMatch(/^[^/]+\.json$/)
  path.current = file
  const first = await requests.importPreset()
  const second = await requests.importPreset()
  expect([first, second].every(({ ok }) => ok)).toBe(true)
  expect(new Set(await names()).size).toBe(3)
  path.current = null
  expect(await requests.importPreset()).toEqual({ ok: true, value: null })
  expect(await requests.exportPreset('gone')).toMatchObject({ ok: false })
  writeFileSync(join(folder, 'bad.json'), '{"a":1}')
  path.current = 'bad.json'
  expect(await requests.importPreset()).toMatchObject({ ok: false })
  path.current = 'missing.json'
  expect(await requests.importPreset()).toMatchObject({ ok: false })
})

test('a preset that is larger than what a window may save is not imported', async () => {
  const { folder, path, requests, names } = open()
  const large = presetJson(podForm({ gpuTypeIds: Array.from({ length: 150 }, () => 'x'.repeat(3_000)) }))
  writeFileSync(join(folder, 'large.json'), large)
  path.current = 'large.json'
  expect(await requests.importPreset()).toMatchObject({ ok: false })
  expect(await names()).toEqual([])
})
