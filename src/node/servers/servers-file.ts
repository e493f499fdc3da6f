import * as v from 'valibot'
import { ok, type Result } from '../../core/base/result'
import type { AccountId } from '../../core/pods/pod'
import { changedTo, openSharedFile, sharedFileTexts } from '../data-folder/shared-file'

const text = (maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength))
const serverSchema = v.object({
  /** Without a path. */
  origin: v.pipe(text(300), v.regex(/^https:\/\/[^/]+$/)),
  token: text(200),
  /** What the account is called in its addresses. */
  labId: text(200),
  /** PEM of who signed its certificate; null: one that the system trusts. */
  ca: v.nullable(text(100_000)),
})

/** A served API that keeps an account: only it acts by rules and alerts. */
export type AccountServer = v.InferOutput<typeof serverSchema>
export type ServerAccess = Omit<AccountServer, 'labId'>

const schema = v.object({ version: v.literal(1), servers: v.record(text(200), serverSchema) })
type Servers = Readonly<Record<AccountId, AccountServer>>

/** Which server keeps which account, in `servers.json`, which only this user can read. Errors are sentences. */
export interface ServersFile {
  readonly path: string
  readonly load: () => Result<Servers, string>
  /** Null: this computer keeps it again. */
  readonly set: (accountId: AccountId, server: AccountServer | null) => Result<void, string>
}

export function openServersFile(folder: string): ServersFile {
  const file = openSharedFile<Servers>({
    folder,
    name: 'servers.json',
    maxBytes: 1_000_000,
    empty: {},
    schema: v.pipe(
      schema,
      v.transform(({ servers }) => servers),
    ),
    serialize: (servers) => JSON.stringify({ version: 1, servers }),
    texts: sharedFileTexts('servers of accounts'),
  })
  return {
    path: file.path,
    load: () => file.load(),
    set: (accountId, server) =>
      file.change((servers) => {
        const others = Object.fromEntries(Object.entries(servers).filter(([id]) => id !== accountId))
        return changedTo(server === null ? others : { ...others, [accountId]: server })
      }),
  }
}

/** The server that keeps an account; null: this computer does. */
export function serverOf(folder: string, accountId: AccountId): Result<AccountServer | null, string> {
  const loaded = openServersFile(folder).load()
  if (!loaded.ok) return loaded
  return ok(Object.hasOwn(loaded.value, accountId) ? (loaded.value[accountId] ?? null) : null)
}

/** Null unless it is an https address without a path. */
export function serverOrigin(url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const isBare = parsed?.username === '' && parsed.search === '' && parsed.pathname === '/'
  return isBare && parsed.protocol === 'https:' ? parsed.origin : null
}

/** Whether it has the form of a token of the Pods API. */
export const isServerToken = (typed: string): boolean => /^pkp_[\w-]+$/.test(typed)

export const hostOf = ({ origin }: Pick<AccountServer, 'origin'>): string => new URL(origin).host
