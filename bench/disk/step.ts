import { errorText } from '../../src/core/base/text/error-text'
import { fail, ok, type Result } from '../../src/core/base/result'
import { writeProblem } from '../../src/node/data-folder/format/folder-format'
import type { OpenDataFolder } from './open-folder'

/** The files of docs/data-folder.md that hold what a person, a pod or a program did. */
export const dataFiles = [
  'config.json',
  'intents.jsonl',
  'creates.jsonl',
  'activity',
  'alert-marks.json',
  'idle-episodes.json',
  'key-usage.json',
  'costs',
  'host-keys.json',
  'terminal-input.json',
  'cli-key.json',
] as const

export type DataFile = (typeof dataFiles)[number]

/** One thing that must not be lost, written as the programs write it. */
export interface DurableStep {
  readonly name: string
  readonly file: DataFile
  /** The action that it advances; a later step of the same action stands for this one too. */
  readonly intentId?: string
  /** Ok: the program counts on it being on disk. An error is what a person is told. */
  readonly write: (folder: OpenDataFolder) => Result<void, string>
  readonly isThere: (folder: OpenDataFolder) => boolean
}

/** For writers that report a problem instead of returning one. */
export function unlessProblem(folder: OpenDataFolder, write: () => void): Result<void, string> {
  // A folder that could not be migrated is not written, which was said at the start.
  const problem = writeProblem(folder.path)
  if (problem !== null) return fail(problem)
  try {
    write()
  } catch (cause) {
    return fail(errorText(cause))
  }
  const problems = folder.drainProblems()
  return problems.length === 0 ? ok(undefined) : fail(problems.join(' '))
}
