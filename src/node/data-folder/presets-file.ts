import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { parsePreset, type Preset } from '../../core/creation/form/preset-codec'
import { copyAside } from './files/copy-aside'
import { withFileLock } from './files/file-lock'
import { readDataFile } from './files/read-data-file'
import { replaceFile } from './files/replace-file'
import { writeProblem } from './format/folder-format'

const MAX_BYTES = 4 * 1_024 * 1_024
export const MAX_PRESETS = 200

/** Presets of later versions stay in the file, although they can't be used. */
const fileSchema = v.object({
  version: v.literal(1),
  presets: v.array(v.object({ name: v.pipe(v.string(), v.minLength(1)), preset: v.unknown() })),
})
type PresetEntry = v.InferOutput<typeof fileSchema>['presets'][number]

export interface NamedPreset {
  readonly name: string
  readonly preset: Preset
}

/** The presets of a data folder, in `presets.json`, shared by all of its programs. Errors are sentences. */
export interface PresetsFile {
  /** By name. */
  list(): Result<readonly NamedPreset[], string>
  /** Adds a preset, or replaces the one of that name. `preset`: as `presetJson` writes it. */
  save(name: string, preset: unknown): Result<void, string>
  /** Fails where the new name is taken. */
  rename(from: string, to: string): Result<void, string>
  remove(name: string): Result<void, string>
}

export function openPresetsFile(folder: string): PresetsFile {
  const path = join(folder, 'presets.json')

  /** Null: it is damaged. Throws file system errors. */
  function read(): readonly PresetEntry[] | null {
    const text = readDataFile(path, MAX_BYTES)
    if (text === null) return []
    const parsed = v.safeParse(fileSchema, parseJson(text))
    return parsed.success ? parsed.output.presets : null
  }

  function change(
    make: (entries: readonly PresetEntry[]) => Result<readonly PresetEntry[], string>,
  ): Result<void, string> {
    const problem = writeProblem(folder)
    if (problem !== null) return fail(problem)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const done = withFileLock(`${path}.lock`, (lock): Result<void, string> => {
        const entries = read()
        const next = make(entries ?? [])
        if (!next.ok) return next
        const text = `${JSON.stringify({ version: 1, presets: next.value })}\n`
        // It could not be read again.
        if (Buffer.byteLength(text) > MAX_BYTES)
          return fail('All presets together are too large. Delete one first.')
        if (entries === null) copyAside(path)
        if (!lock.isHeld()) return fail('Another Podkeeper is changing the presets. Try again.')
        replaceFile(path, text)
        return ok(undefined)
      })
      return done.ok ? done.value : fail(`The presets could not be saved: ${done.error}.`)
    } catch (cause) {
      return fail(`The presets could not be saved: ${errorText(cause)}.`)
    }
  }

  return {
    list() {
      try {
        const entries = read()
        if (entries === null) return fail('The presets can’t be read: presets.json is damaged.')
        const presets = entries.flatMap(({ name, preset: stored }) => {
          const preset = parsePreset(stored)
          return preset === null ? [] : [{ name, preset }]
        })
        return ok(presets.sort((a, b) => a.name.localeCompare(b.name)))
      } catch (cause) {
        return fail(`The presets can’t be read: ${errorText(cause)}.`)
      }
    },
    save: (name, preset) =>
      change((entries) => {
        const others = entries.filter((entry) => entry.name !== name)
        return others.length >= MAX_PRESETS
          ? fail(`There can be ${MAX_PRESETS} presets. Delete one first.`)
          : ok([...others, { name, preset }])
      }),
    rename: (from, to) =>
      change((entries) => {
        if (!entries.some(({ name }) => name === from)) return fail('That preset is gone.')
        if (from !== to && entries.some(({ name }) => name === to))
          return fail(`Another preset is already named ${to}.`)
        return ok(entries.map((entry) => (entry.name === from ? { ...entry, name: to } : entry)))
      }),
    remove: (name) => change((entries) => ok(entries.filter((entry) => entry.name !== name))),
  }
}
