import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { parseJson } from '../../../core/base/parse-json'
import { emptyPodForm, type PodForm } from '../../../core/creation/form/pod-form'
import { parsePreset, type Preset, presetJson } from '../../../core/creation/form/preset-codec'
import { openPresetsFile } from '../../../node/data-folder/presets-file'
import { CliExit, exitCodes } from '../../output/exit'
import type { CreateBase } from './create-options'
import { presetText } from './create-text'

const MAX_BYTES = 1_000_000

/**
 * A new pod by a preset: one that is saved in the data folder, or a file. `given`: the lines of variables of this
 * command, which must have those that it needs.
 */
export function presetBase(dataFolder: string, nameOrPath: string, given: readonly string[]): CreateBase {
  return {
    async copy() {
      const preset = savedPreset(dataFolder, nameOrPath) ?? parsePreset(parseJson(read(nameOrPath)))
      if (preset === null) throw new CliExit(exitCodes.usage, presetText.isNone(nameOrPath))
      const names = given.map((line) => line.trim().split('=')[0])
      const missing = preset.neededVariables.filter((name) => !names.includes(name))
      if (missing.length > 0) throw new CliExit(exitCodes.usage, presetText.needsVariables(missing))
      return {
        form: { ...emptyPodForm, ...preset.form, environment: preset.environment },
        environment: {},
        sentences: () => [],
      }
    },
  }
}

/** A path is never the name of a preset. */
function savedPreset(dataFolder: string, name: string): Preset | null {
  if (/[/\\]/.test(name)) return null
  const presets = openPresetsFile(dataFolder).list()
  if (!presets.ok) throw new CliExit(exitCodes.failed, presetText.notListed(presets.error))
  return presets.value.find((one) => one.name === name)?.preset ?? null
}

function read(path: string): string {
  try {
    if (statSync(path).size > MAX_BYTES) throw new Error(presetText.tooLarge)
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliExit(exitCodes.usage, presetText.notRead(why))
  }
}

/** Writes the form as a preset. Never replaces a file. */
export function savePreset(path: string, form: PodForm): void {
  try {
    writeFileSync(path, `${presetJson(form)}\n`, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliExit(exitCodes.failed, presetText.notWritten(why))
  }
}
