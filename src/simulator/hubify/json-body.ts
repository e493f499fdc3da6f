import * as v from 'valibot'

/** A parsed body, or why it is refused. */
type LabBody<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

export function readLabBody<S extends v.GenericSchema>(schema: S, text: string): LabBody<v.InferOutput<S>> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, problem: 'The body is not JSON' }
  }
  const read = v.safeParse(schema, json)
  if (read.success) return { ok: true, value: read.output }
  return { ok: false, problem: read.issues.map(issueText).join('; ') }
}

function issueText({ path, message }: v.BaseIssue<unknown>): string {
  const name = (path ?? []).map(({ key }) => String(key)).join('.')
  return name === '' ? message : `${name}: ${message}`
}
