import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import { parsePreset, type Preset } from '../../core/creation/form/preset-codec'
import { changedTo, openSharedFile, sharedFileTexts } from './shared-file'

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
  const file = openSharedFile<readonly PresetEntry[]>({
    folder,
    name: 'presets.json',
    maxBytes: MAX_BYTES,
    empty: [],
    schema: v.pipe(
      fileSchema,
      v.transform(({ presets }) => presets),
    ),
    serialize: (presets) => JSON.stringify({ version: 1, presets }),
    texts: sharedFileTexts('presets'),
  })

  const change = (
    make: (entries: readonly PresetEntry[]) => Result<readonly PresetEntry[], string>,
  ): Result<void, string> =>
    file.change((entries) => {
      const next = make(entries)
      return next.ok ? changedTo(next.value) : next
    })

  return {
    list() {
      const loaded = file.load()
      if (!loaded.ok) return loaded
      const presets = loaded.value.flatMap(({ name, preset: stored }) => {
        const preset = parsePreset(stored)
        return preset === null ? [] : [{ name, preset }]
      })
      return ok(presets.sort((a, b) => a.name.localeCompare(b.name)))
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
