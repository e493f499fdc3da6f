import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { presetForm, presetJson } from '../../core/creation/form/preset-codec'
import type { StoredPreset } from '../../core/monitor/queue-pod-sources'
import { fileStamp } from '../data-folder/files/file-stamp'
import { type NamedPreset, openPresetsFile } from '../data-folder/presets-file'

/** What finds the presets of a data folder by name, as the file says now; null where there is none, or it is damaged. */
export function createPresetFinder(folder: string): (name: string) => StoredPreset | null {
  const file = openPresetsFile(folder)
  let read: { readonly stamp: string | null; readonly presets: readonly NamedPreset[] } | null = null

  function presets(): readonly NamedPreset[] {
    const stamp = fileStamp(join(folder, 'presets.json'))
    if (read === null || read.stamp !== stamp) {
      const list = file.list()
      read = { stamp, presets: list.ok ? list.value : [] }
    }
    return read.presets
  }

  return (wanted) => {
    const preset = presets().find(({ name }) => name === wanted)?.preset
    if (preset === undefined) return null
    const form = presetForm(preset)
    return {
      form,
      neededVariables: preset.neededVariables,
      digest: createHash('sha256').update(presetJson(form)).digest('hex'),
    }
  }
}
