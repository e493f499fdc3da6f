import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import {
  type ApiToken,
  apiTokenSchema,
  isTokenExpired,
  MAX_TOKENS,
  TOKEN_NAME,
  type TokenRights,
} from '../../core/pods-api/api-token'
import { fileStamp } from '../data-folder/files/file-stamp'
import { changedTo, openSharedFile, sharedFileTexts } from '../data-folder/shared-file'

const MAX_BYTES = 1_024 * 1_024
const TOKEN_BYTES = 32
const PREFIX = 'pkp_'

/** A token that cannot be read gives no rights, so that one of a later version is left out. */
const fileSchema = v.object({ version: v.literal(2), tokens: v.array(v.unknown()) })

/** The tokens of the Pods API in `api-tokens.json`. Errors are sentences. */
export interface ApiTokensFile {
  list(): Result<readonly ApiToken[], string>
  /** Replies with the token, which is kept nowhere. */
  create(
    token: Omit<ApiToken, 'id' | 'hash' | 'earlier'>,
  ): Result<{ readonly id: string; readonly token: string }, string>
  /**
   * Replies with a new token in place of the one that it has now, which counts for `overlapMs` more, but not beyond its
   * own end.
   */
  rotate(
    id: string,
    times: { readonly atMs: number; readonly overlapMs: number; readonly expiresAtMs: number | null },
  ): Result<string, string>
  /** Changes what it is for. The token itself stays. */
  change(id: string, changes: TokenRights): Result<void, string>
  /** By id or name. */
  revoke(idOrName: string): Result<ApiToken, string>
  /** The token that was presented; null: it is none, or expired. A file that cannot be read gives no rights. */
  find(presented: string, nowMs: number): ApiToken | null
}

const newToken = (): string => `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

export function openApiTokensFile(folder: string): ApiTokensFile {
  const file = openSharedFile<readonly unknown[]>({
    folder,
    name: 'api-tokens.json',
    maxBytes: MAX_BYTES,
    empty: [],
    schema: v.pipe(
      fileSchema,
      v.transform(({ tokens }) => tokens),
    ),
    serialize: (tokens) => JSON.stringify({ version: 2, tokens }),
    texts: sharedFileTexts('tokens'),
  })
  let cached: { readonly stamp: string | null; readonly tokens: readonly ApiToken[] } | null = null

  function list(): Result<readonly ApiToken[], string> {
    const loaded = file.load()
    return loaded.ok ? ok(loaded.value.flatMap(toToken)) : loaded
  }

  return {
    list,
    create: (given) =>
      file.change((entries) => {
        const tokens = entries.flatMap(toToken)
        if (!TOKEN_NAME.test(given.name))
          return fail('A token’s name has up to 40 letters, digits, spaces, dots, dashes and underscores.')
        if (tokens.some(({ name }) => name.toLowerCase() === given.name.toLowerCase()))
          return fail(
            `There is a token named ${given.name} already. Revoke it first, or choose another name.`,
          )
        if (entries.length >= MAX_TOKENS) return fail(`There can be ${MAX_TOKENS} tokens. Revoke one first.`)
        const token = newToken()
        const id = `tok_${randomBytes(6).toString('hex')}`
        return ok({ next: [...entries, { ...given, id, hash: hashOf(token) }], result: { id, token } })
      }),
    rotate: (id, { atMs, overlapMs, expiresAtMs }) =>
      file.change((entries) => {
        const before = entries.flatMap(toToken).find((token) => token.id === id)
        if (before === undefined) return fail('This token was revoked meanwhile.')
        const token = newToken()
        const { earlier: _, ...kept } = before
        const untilMs = Math.min(atMs + overlapMs, before.expiresAtMs ?? Infinity)
        const next: ApiToken = {
          ...kept,
          hash: hashOf(token),
          ...(untilMs > atMs && { earlier: { hash: before.hash, untilMs } }),
          createdAtMs: atMs,
          expiresAtMs,
        }
        return ok({
          next: entries.map((entry) => (toToken(entry)[0]?.id === id ? next : entry)),
          result: token,
        })
      }),
    change: (id, changes) =>
      file.change((entries) => {
        const isIt = (entry: unknown): boolean => toToken(entry)[0]?.id === id
        if (!entries.some(isIt)) return fail('This token was revoked meanwhile.')
        return changedTo(
          entries.map((entry) => (isIt(entry) ? { ...(entry as ApiToken), ...changes } : entry)),
        )
      }),
    revoke: (idOrName) =>
      file.change((entries) => {
        const found = entries
          .flatMap(toToken)
          .find(({ id, name }) => id === idOrName || name.toLowerCase() === idOrName.toLowerCase())
        if (found === undefined) return fail(`There is no token ${idOrName}.`)
        return ok({ next: entries.filter((entry) => toToken(entry)[0]?.id !== found.id), result: found })
      }),
    find(presented, nowMs) {
      const stamp = fileStamp(file.path)
      if (cached === null || cached.stamp !== stamp) {
        const listed = list()
        // It is read again with the next request, since the reason may be gone by then.
        if (!listed.ok) return null
        cached = { stamp, tokens: listed.value }
      }
      const hash = Buffer.from(hashOf(presented), 'hex')
      const isIt = (known: string): boolean => timingSafeEqual(Buffer.from(known, 'hex'), hash)
      // All are compared, so that the time says nothing about which one matched.
      const [found] = cached.tokens.flatMap((token) => {
        const isCurrent = isIt(token.hash) && !isTokenExpired(token, nowMs)
        const isEarlier =
          token.earlier !== undefined && isIt(token.earlier.hash) && nowMs < token.earlier.untilMs
        return isCurrent || isEarlier ? [token] : []
      })
      return found ?? null
    },
  }
}

function toToken(entry: unknown): readonly ApiToken[] {
  const parsed = v.safeParse(apiTokenSchema, entry)
  return parsed.success ? [parsed.output] : []
}
