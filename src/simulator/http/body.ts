import * as v from 'valibot'
import { problem, type Reply } from './reply'

/** A body that was read, or the refusal of it. */
export type Body<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reply: Reply }

/** Reads a JSON body: 400 when it is none, 422 with every violation when it breaks the contract. */
export function readBody<S extends v.GenericSchema>(schema: S, text: string): Body<v.InferOutput<S>> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, reply: problem(400, 'request body is not JSON') }
  }
  const read = v.safeParse(schema, json)
  return read.success ? { ok: true, value: read.output } : { ok: false, reply: violations(read.issues) }
}

function violations(issues: readonly v.BaseIssue<unknown>[]): Reply {
  const errors = issues.map((issue) => `$${pathOf(issue)}: ${issue.message}`)
  return problem(422, 'Request validation failed.', { errors })
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? []).map(({ key }) => `.${String(key)}`).join('')
}
