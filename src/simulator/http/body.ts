import * as v from 'valibot'
import { problem, type Reply } from './reply'

/** A parsed body, or the error reply. */
export type ParsedBody<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reply: Reply }

/** Parses a JSON body: 400 if it is not JSON, 422 with all violations if it doesn't match the schema. */
export function readBody<S extends v.GenericSchema>(schema: S, text: string): ParsedBody<v.InferOutput<S>> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, reply: problem(400, 'request body is not JSON') }
  }
  const read = v.safeParse(schema, json)
  return read.success
    ? { ok: true, value: read.output }
    : { ok: false, reply: validationProblem(read.issues) }
}

function validationProblem(issues: readonly v.BaseIssue<unknown>[]): Reply {
  const errors = issues.map((issue) => `$${pathOf(issue)}: ${issue.message}`)
  return problem(422, 'Request validation failed.', { errors })
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? []).map(({ key }) => `.${String(key)}`).join('')
}
