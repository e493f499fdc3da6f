import * as v from 'valibot'
import { isMap, LineCounter, parseDocument } from 'yaml'
import { fail, ok, type Result } from '../../../core/base/result'
import { type Configuration, configurationSchema } from '../../../core/configuration/configuration'
import type { ConfigurationProblem } from '../../../core/configuration/configuration-plan'
import { configurationText } from './configuration-text'

export interface ConfigurationFile {
  readonly configuration: Configuration
  /** "lab.yaml:3:5: …", one for each problem, in the order of the file. */
  readonly describe: (problems: readonly ConfigurationProblem[]) => readonly string[]
}

/** More aliases than people write could take all memory. */
const MAX_ALIASES = 100

/** Parses YAML, of which JSON is a part. The error has a line for each mistake, with its place. */
export function readConfiguration(path: string, text: string): Result<ConfigurationFile, readonly string[]> {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true, strict: true })
  const at = (offset: number, message: string): string => {
    const { line, col } = lineCounter.linePos(offset)
    return `${path}:${line}:${col}: ${message}`
  }
  if (document.errors.length > 0) return fail(document.errors.map(({ pos, message }) => at(pos[0], message)))

  function describe(problems: readonly ConfigurationProblem[]): readonly string[] {
    return problems
      .map(({ path: place, message }) => ({ offset: offsetOf(place), message }))
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, message }) => at(offset, message))
  }

  /** Of the field that is named, or of what it should be in. */
  function offsetOf(place: readonly (string | number)[]): number {
    for (let length = place.length; length > 0; length -= 1) {
      const parent = document.getIn(place.slice(0, length - 1), true)
      const key = place[length - 1]
      const pair = isMap(parent)
        ? parent.items.find(({ key: each }) => keyText(each) === String(key))
        : undefined
      const node = pair?.key ?? document.getIn(place.slice(0, length), true)
      const offset = (node as { readonly range?: readonly number[] | null } | undefined)?.range?.[0]
      if (offset !== undefined) return offset
    }
    return 0
  }

  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (cause) {
    return fail([`${path}: ${String(cause)}`])
  }
  const parsed = v.safeParse(configurationSchema, value)
  if (parsed.success) return ok({ configuration: parsed.output, describe })
  return fail(
    describe(
      parsed.issues.map((issue) => ({
        path: (issue.path ?? []).map(({ key }) => key as string | number),
        message: issueText(issue),
      })),
    ),
  )
}

const keyText = (key: unknown): string => String((key as { readonly value?: unknown }).value ?? key)

function issueText(issue: v.BaseIssue<unknown>): string {
  const key = issue.path?.at(-1)?.key
  const name = typeof key === 'string' || typeof key === 'number' ? String(key) : ''
  if (issue.type !== 'strict_object') return name === '' ? issue.message : `${name}: ${issue.message}`
  if (issue.expected === 'never') return configurationText.unknownField(name)
  return issue.received === 'undefined' ? configurationText.missingField(name) : issue.message
}
