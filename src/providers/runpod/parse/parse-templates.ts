import * as v from 'valibot'
import { isObject } from '../../../core/base/parse-json'
import { holdsSecretInClear, redact } from '../../../core/base/text/redact'
import type { SecretTemplate, SecretTemplates } from '../../../core/pods/catalog'
import { capText, visibleText } from '../../http/text'
import { displayText, isPlainId, MAX_NAME_CHARS, record } from '../../wire/wire-values'

const MAX_VARIABLES = 500

const ownTemplate = v.pipe(
  record,
  v.object({
    id: v.pipe(v.string(), v.check(isPlainId)),
    name: v.fallback(v.nullable(displayText(MAX_NAME_CHARS)), null),
    env: v.optional(v.unknown()),
    public: v.fallback(v.boolean(), false),
    serverless: v.fallback(v.boolean(), false),
  }),
)

/** Own templates with variables that look like secrets in clear. Values are looked at here, and go nowhere. */
export function parseSecretTemplates(entries: readonly unknown[], areAll: boolean): SecretTemplates {
  const templates = new Map<string, SecretTemplate>()
  let isComplete = areAll
  for (const entry of entries) {
    const read = v.safeParse(ownTemplate, entry)
    const variables = read.success ? readVariables(read.output.env) : null
    if (!read.success || variables === null) {
      isComplete = false
      continue
    }
    const { id, name, public: isPublic, serverless: isServerless } = read.output
    const variableNames = secretNames(variables)
    if (variableNames.length > 0 && !templates.has(id))
      templates.set(id, { id, name: name ?? id, variableNames, isPublic, isServerless })
  }
  return { templates: [...templates.values()], isComplete }
}

/** Null if they can't be read. */
function readVariables(env: unknown): readonly (readonly [string, string])[] | null {
  if (env === null || env === undefined) return []
  if (!isObject(env)) return null
  const variables = Object.entries(env)
  if (variables.length > MAX_VARIABLES) return null
  return variables.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
}

/** A name is a text from outside, too, and may be a secret that was put into the wrong field. */
const secretNames = (variables: readonly (readonly [string, string])[]): readonly string[] => [
  ...new Set(
    variables
      .filter(([name, value]) => holdsSecretInClear(name, value))
      .map(([name]) => capText(visibleText(redact(name)), MAX_NAME_CHARS) || '?'),
  ),
]
