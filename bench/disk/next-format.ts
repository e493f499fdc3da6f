import { isObject, parseJson } from '../../src/core/base/parse-json'
import { journalLine } from '../../src/node/data-folder/journal/journal-line'
import type { FolderFormat, Migration } from '../../src/node/data-folder/format/migration'

/** A format that does not exist yet. */
export const nextFormat: FolderFormat = { version: 3, migrations: [migrationFrom(2)] }

function migrationFrom(from: number): Migration {
  return {
    from,
    files: ['intents.jsonl', 'config.json', 'alert-marks.json', 'rules.json'],
    migrate: (read) => ({
      'intents.jsonl': linesOf(read('intents.jsonl'))
        .map((line) => markedLine(line, from))
        .join(''),
      'config.json': marked(read('config.json') ?? '{}', 'format', from),
      // A file that the format before does not have.
      'rules.json': JSON.stringify({ before: read('rules.json') }),
    }),
  }
}

const linesOf = (text: string | null): readonly string[] =>
  (text ?? '').split('\n').filter((line) => line !== '')

function markedLine(line: string, from: number): string {
  const { digest: _, ...record } = JSON.parse(marked(line, 'podName', from)) as Record<string, unknown>
  return journalLine(record)
}

/** What a text has that went to the next format. */
export const MIGRATED = '→3'

/** Adds the format to a field. Throws for what was migrated already, so that a migration of its own result is seen. */
function marked(text: string, field: string, from: number): string {
  const value = parseJson(text)
  if (!isObject(value)) throw new Error(`That is no object: ${text.slice(0, 100)}`)
  const found = value[field] ?? ''
  const before = typeof found === 'string' ? found : JSON.stringify(found)
  if (before.includes('→')) throw new Error(`A migration from format ${from} found ${before}.`)
  return JSON.stringify({ ...value, [field]: `${before}→${from + 1}` })
}
