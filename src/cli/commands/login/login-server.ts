import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { errorText } from '../../../core/base/text/error-text'
import { askServer } from '../../../node/servers/server-client'
import { type AccountServer, hostOf, openServersFile } from '../../../node/servers/servers-file'
import { CliExit, exitCodes } from '../../output/exit'
import type { NamedAccount } from '../../output/json'
import { loginServerText } from './login-server-text'

/** A usage error unless it is an https address. */
export function serverOrigin(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (
    parsed?.protocol !== 'https:' ||
    parsed.username !== '' ||
    parsed.search !== '' ||
    parsed.pathname !== '/'
  )
    throw new CliExit(exitCodes.usage, loginServerText.badUrl)
  return parsed.origin
}

export interface LoginServerOptions {
  readonly folder: string
  readonly account: NamedAccount
  /** The pods of the account as this computer lists them. */
  readonly podIds: ReadonlySet<string>
  readonly origin: string
  readonly token: string
  readonly caPath: string | null
}

/** Checks the server, and lets it keep the account. Throws a `CliExit` with nothing saved. */
export async function loginServer(options: LoginServerOptions): Promise<string> {
  const { folder, account, podIds, origin, caPath } = options
  const token = options.token.trim()
  if (!/^pkp_[\w-]+$/.test(token)) throw new CliExit(exitCodes.usage, loginServerText.badToken)
  const server = { origin, token, ca: caPath === null ? null : readCa(caPath) }
  const host = hostOf(server)
  const listed = await listPods(server)
  const theirs = listed.flatMap(({ runpodPodId, _id }) => [runpodPodId ?? '', _id])
  if (!theirs.some((id) => podIds.has(id)))
    throw new CliExit(exitCodes.failed, loginServerText.otherAccount(host, account.name))
  const saved = openServersFile(folder).set(account.id, server)
  if (!saved.ok) throw new CliExit(exitCodes.failed, saved.error)
  return loginServerText.kept(account.name, host)
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliExit(exitCodes.usage, loginServerText.badCa(errorText(cause)))
  }
}

const labsSchema = v.array(v.object({ id: v.string() }))
const podsSchema = v.array(v.object({ _id: v.string(), runpodPodId: v.optional(v.string()) }))

/** The newest 100 of each account that the token is for. */
async function listPods(server: AccountServer): Promise<v.InferOutput<typeof podsSchema>> {
  const labs = v.parse(labsSchema, await read(server, '/api/v1/labs?limit=100'))
  const pods = []
  for (const { id } of labs)
    pods.push(
      ...v.parse(podsSchema, await read(server, `/api/v1/pods?labId=${encodeURIComponent(id)}&limit=100`)),
    )
  return pods
}

async function read(server: AccountServer, path: string): Promise<unknown> {
  const reply = await askServer(server, { method: 'GET', path })
  const host = hostOf(server)
  if (!reply.ok) throw new CliExit(exitCodes.unreachable, loginServerText.lost(host, reply.error.message))
  const { problem, data } = reply.value
  if (problem !== null) throw new CliExit(exitCodes.failed, loginServerText.refused(host, problem))
  return data
}
