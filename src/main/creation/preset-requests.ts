import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { errorText, fileNotRead, fileNotWritten } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { plainText } from '../../core/base/text/plain-text'
import { fail, ok, type Result } from '../../core/base/result'
import { parsePreset, presetForm, presetJson } from '../../core/creation/form/preset-codec'
import { replaceUserFile } from '../../node/data-folder/files/replace-file'
import type { PresetsFile } from '../../node/data-folder/presets-file'
import type { HandlersOf } from '../../shared/ipc'
import {
  MAX_PRESET_CHARS,
  type PresetRequests,
  type SavedPreset,
} from '../../shared/requests/pod/create-requests'
import { MAX_PRESET_NAME } from '../../shared/requests/limits'
import type { SettingsFileDialogs } from '../settings/settings-import-export'
import { creationText } from './creation-text'
import { invisibleNameText } from '../../core/pods/pod-name'

/** Well above the size of a preset. */
const MAX_IMPORT_BYTES = 1_000_000

/** Requests about saved presets. Main asks for files, so windows cannot choose a path. */
export function createPresetRequests(
  file: PresetsFile,
  dialogs: SettingsFileDialogs,
): HandlersOf<PresetRequests> {
  const list = (): Result<readonly SavedPreset[], string> => {
    const presets = file.list()
    return presets.ok
      ? ok(presets.value.map(({ name, preset }) => ({ name, preset: presetJson(presetForm(preset)) })))
      : presets
  }

  /** As it is written here, so that nothing else of the text is kept. */
  function savePreset(name: string, text: string): Result<void, string> {
    const preset = parsePreset(parseJson(text))
    if (preset === null) return fail(creationText.noPreset)
    const plain = plainText(name).trim()
    if (plain === '') return fail(invisibleNameText)
    const json = presetJson(presetForm(preset))
    // Windows send no more.
    if (json.length > MAX_PRESET_CHARS) return fail(creationText.tooLarge)
    return file.save(plain, JSON.parse(json))
  }

  return {
    presets: list,
    savePreset,
    renamePreset: (from, to) => {
      const plain = plainText(to).trim()
      return plain === '' ? fail(invisibleNameText) : file.rename(from, plain)
    },
    deletePreset: (name) => file.remove(name),
    async exportPreset(name) {
      const presets = list()
      if (!presets.ok) return presets
      const preset = presets.value.find((one) => one.name === name)
      if (preset === undefined) return fail(creationText.presetGone)
      const path = await dialogs.chooseSavePath(`${fileName(name)}.json`)
      if (path === null) return ok(null)
      try {
        replaceUserFile(path, `${preset.preset}\n`)
        return ok(path)
      } catch (cause) {
        return fail(fileNotWritten(path, errorText(cause)))
      }
    },
    async importPreset() {
      const path = await dialogs.chooseOpenPath()
      if (path === null) return ok(null)
      const text = readText(path)
      if (!text.ok) return text
      if (parsePreset(parseJson(text.value)) === null) return fail(creationText.notAPreset(path))
      const presets = list()
      if (!presets.ok) return presets
      const name = freeName(
        basename(path).replace(/\.json$/i, ''),
        presets.value.map((one) => one.name),
      )
      const saved = savePreset(name, text.value)
      return saved.ok ? ok(name) : saved
    },
  }
}

const fileName = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N} ._-]/gu, '-').replace(/^\.+/, '') || 'preset'

/** An import never replaces a preset. */
function freeName(suggested: string, taken: readonly string[]): string {
  const base =
    plainText(suggested)
      .trim()
      .slice(0, MAX_PRESET_NAME - 4) || creationText.preset
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base} ${number}`
    if (!taken.includes(name)) return name
  }
}

function readText(path: string): Result<string, string> {
  try {
    if (statSync(path).size > MAX_IMPORT_BYTES) throw new Error('it is too large for a preset')
    return ok(readFileSync(path, 'utf8'))
  } catch (cause) {
    return fail(fileNotRead(path, errorText(cause)))
  }
}
