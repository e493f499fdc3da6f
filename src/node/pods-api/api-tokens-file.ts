import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { errorText } from '../../core/base/text/error-text'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import {
  type ApiToken,
  apiTokenSchema,
  isTokenExpired,
  MAX_TOKENS,
  TOKEN_NAME,
} from '../../core/pods-api/api-token'
import { copyAside } from '../data-folder/files/copy-aside'
import { withFileLock } from '../data-folder/files/file-lock'
import { fileStamp } from '../data-folder/files/file-stamp'
import { readDataFile } from '../data-folder/files/read-data-file'
import { replaceFile } from '../data-folder/files/replace-file'
import { writeProblem } from '../data-folder/format/folder-format'

const MAX_BYTES = 1_024 * 1_024
const TOKEN_BYTES = 32
const PREFIX = 'pkp_'

/** A token that cannot be read gives no rights, so that one of a later version is left out. */
const fileSchema = v.object({ version: v.literal(1), tokens: v.array(v.unknown()) })

/** The tokens of the Pods API in `api-tokens.json`. Errors are sentences. */
export interface ApiTokensFile {
  list(): Result<readonly ApiToken[], string>
  /** Replies with the token, which is kept nowhere. */
  create(
    token: Omit<ApiToken, 'id' | 'hash'>,
  ): Result<{ readonly id: string; readonly token: string }, string>
  /** By id or name. */
  revoke(idOrName: string): Result<ApiToken, string>
  /** The token that was presented; null: it is none, or expired. A file that cannot be read gives no rights. */
  find(presented: string, nowMs: number): ApiToken | null
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

export function openApiTokensFile(folder: string): ApiTokensFile {
  const path = join(folder, 'api-tokens.json')
  let cached: { readonly stamp: string | null; readonly tokens: readonly ApiToken[] } | null = null

  /** Null: it is damaged. Throws file system errors. */
  function read(): readonly unknown[] | null {
    const text = readDataFile(path, MAX_BYTES)
    if (text === null) return []
    const parsed = v.safeParse(fileSchema, parseJson(text))
    return parsed.success ? parsed.output.tokens : null
  }

  function list(): Result<readonly ApiToken[], string> {
    try {
      const entries = read()
      if (entries === null) return fail('The tokens can’t be read: api-tokens.json is damaged.')
      return ok(entries.flatMap(toToken))
    } catch (cause) {
      return fail(`The tokens can’t be read: ${errorText(cause)}.`)
    }
  }

  function change<T>(
    make: (tokens: readonly unknown[]) => Result<{ next: readonly unknown[]; value: T }, string>,
  ): Result<T, string> {
    const problem = writeProblem(folder)
    if (problem !== null) return fail(problem)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const done = withFileLock(`${path}.lock`, (lock): Result<T, string> => {
        const entries = read()
        const made = make(entries ?? [])
        if (!made.ok) return made
        if (entries === null) copyAside(path)
        if (!lock.isHeld()) return fail('Another Podkeeper is changing the tokens. Try again.')
        replaceFile(path, `${JSON.stringify({ version: 1, tokens: made.value.next })}\n`)
        return ok(made.value.value)
      })
      return done.ok ? done.value : fail(`The tokens could not be saved: ${done.error}.`)
    } catch (cause) {
      return fail(`The tokens could not be saved: ${errorText(cause)}.`)
    }
  }

  return {
    list,
    create: (given) =>
      change((entries) => {
        const tokens = entries.flatMap(toToken)
        if (!TOKEN_NAME.test(given.name))
          return fail('A token’s name has up to 40 letters, digits, spaces, dots, dashes and underscores.')
        if (tokens.some(({ name }) => name.toLowerCase() === given.name.toLowerCase()))
          return fail(
            `There is a token named ${given.name} already. Revoke it first, or choose another name.`,
          )
        if (entries.length >= MAX_TOKENS) return fail(`There can be ${MAX_TOKENS} tokens. Revoke one first.`)
        const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
        const id = `tok_${randomBytes(6).toString('hex')}`
        return ok({ next: [...entries, { ...given, id, hash: hashOf(token) }], value: { id, token } })
      }),
    revoke: (idOrName) =>
      change((entries) => {
        const found = entries
          .flatMap(toToken)
          .find(({ id, name }) => id === idOrName || name.toLowerCase() === idOrName.toLowerCase())
        if (found === undefined) return fail(`There is no token ${idOrName}.`)
        return ok({ next: entries.filter((entry) => toToken(entry)[0]?.id !== found.id), value: found })
      }),
    find(presented, nowMs) {
      const stamp = fileStamp(path)
      if (cached === null || cached.stamp !== stamp) {
        const listed = list()
        // It is read again with the next request, since the reason may be gone by then.
        if (!listed.ok) return null
        cached = { stamp, tokens: listed.value }
      }
      const hash = Buffer.from(hashOf(presented), 'hex')
      // All are compared, so that the time says nothing about which one matched.
      const [found] = cached.tokens.filter((token) => timingSafeEqual(Buffer.from(token.hash, 'hex'), hash))
      return found === undefined || isTokenExpired(found, nowMs) ? null : found
    },
  }
}

function toToken(entry: unknown): readonly ApiToken[] {
  const parsed = v.safeParse(apiTokenSchema, entry)
  return parsed.success ? [parsed.output] : []
}
