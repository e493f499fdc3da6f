import * as v from 'valibot'
import { parseJson } from '../../base/parse-json'
import { fail, ok, type Result } from '../../base/result'
import { logSources } from '../../pods/pod-logs'

/* What an API answered, with nothing of a user's own in it. See docs/cli.md#recordings. */

const ms = v.pipe(v.number(), v.finite(), v.minValue(0))
const text = (maxChars: number) => v.pipe(v.string(), v.maxLength(maxChars))

const event = v.strictObject({
  /** Since the stream opened. */
  afterMs: ms,
  source: v.picklist(logSources),
  line: text(20_000),
  /** Relative, or empty. */
  ts: text(40),
})

const reply = v.strictObject({
  /** When the request was answered, since the recording began. */
  atMs: ms,
  method: v.picklist(['GET', 'POST']),
  /** Below the API's base address, with stand-ins for ids. */
  path: v.pipe(v.string(), v.regex(/^\/[\w/.-]{1,200}$/)),
  query: v.record(text(100), text(200)),
  graphql: v.optional(text(1_000)),
  /** Null: there was no reply. */
  status: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  headers: v.record(
    v.pipe(v.string(), v.regex(/^[a-z-]{1,50}$/)),
    v.pipe(v.string(), v.regex(/^[\x20-\x7e]{0,1000}$/)),
  ),
  /** Absent: it has none, or one that is not JSON. */
  body: v.optional(v.unknown()),
  /** A body that is not JSON, such as a proxy's page. */
  text: v.optional(text(10_000)),
  /** Of a stream. */
  events: v.optional(v.pipe(v.array(event), v.maxLength(10_000))),
})

const recording = v.strictObject({
  format: v.literal('podkeeper-recording'),
  version: v.literal(1),
  /** Where it comes from: a program, or the facts that it was made from. */
  source: text(2_000),
  provider: v.literal('runpod'),
  replies: v.pipe(v.array(reply), v.minLength(1), v.maxLength(20_000)),
})

export type RecordedEvent = v.InferOutput<typeof event>
export type RecordedReply = v.InferOutput<typeof reply>
export type Recording = v.InferOutput<typeof recording>

/** The longest file that is read, bytes. */
export const MAX_RECORDING_BYTES = 64 * 1024 * 1024

/** The recording in a file; the error is a sentence that says where the file is wrong. */
export function parseRecording(fileText: string): Result<Recording, string> {
  const json = parseJson(fileText)
  if (json === undefined) return fail('The file is not JSON.')
  const read = v.safeParse(recording, json)
  if (read.success) return ok(read.output)
  const [issue] = read.issues
  return fail(`The file is not a recording: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`)
}
