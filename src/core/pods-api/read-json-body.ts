import * as v from 'valibot'
import { fail, ok, type Result } from '../base/result'

/** A body that matches the schema; the error says what is wrong. */
export function readJsonBody<S extends v.GenericSchema>(
  schema: S,
  text: string,
): Result<v.InferOutput<S>, string> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('The body is not JSON')
  }
  const read = v.safeParse(schema, json)
  return read.success ? ok(read.output) : fail(read.issues.slice(0, MAX_ISSUES).map(issueText).join('; '))
}

const MAX_ISSUES = 10
const MAX_NAME_CHARS = 200

function issueText({ path, message, type, expected }: v.BaseIssue<unknown>): string {
  const name = (path ?? []).map(({ key }) => String(key).slice(0, MAX_NAME_CHARS)).join('.')
  if (type === 'strict_object' && expected === 'never') return `${name}: there is no such field`
  return name === '' ? message : `${name}: ${message}`
}
