import { readdirSync } from 'node:fs'
import ssh2, { type BaseAgent, type ParsedKey } from 'ssh2'
import { type PublicKey, readPublicKey } from './public-key'

export interface AgentKey {
  readonly comment: string
  readonly publicKey: PublicKey
  readonly sign: (data: Buffer, hash: SigningHash | undefined) => Promise<Buffer>
}

export type SigningHash = 'sha1' | 'sha256' | 'sha512'

export interface AgentLocation {
  readonly platform: NodeJS.Platform
  /** SSH_AUTH_SOCK. */
  readonly socket: string | undefined
}

const LIST_TIMEOUT_MS = 3_000
const WINDOWS_PIPES = '\\\\.\\pipe\\'

/**
 * The possible agents: the socket named by the environment; on Windows, the pipes of OpenSSH and Pageant.
 * Cygwin's agent is left out because reaching it means running a program.
 */
export function agentPaths({ platform, socket = '' }: AgentLocation): readonly string[] {
  if (isAgentPath(socket, platform)) return [socket]
  if (platform !== 'win32') return []
  try {
    return readdirSync(WINDOWS_PIPES)
      .filter((name) => name === 'openssh-ssh-agent' || name.startsWith('pageant.'))
      .map((name) => `${WINDOWS_PIPES}${name}`)
  } catch {
    return []
  }
}

/**
 * Whether an agent can be reached there by a socket or, on Windows, by a pipe of this computer. For other names on
 * Windows, ssh2 would run a program.
 */
export function isAgentPath(path: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? /^[/\\]{2}\.[/\\]pipe[/\\][^/\\]+$/.test(path) : path !== ''
}

/** The keys of an agent; null if it doesn't respond. Keys of unknown types are left out. */
export async function listAgentKeys(path: string): Promise<readonly AgentKey[] | null> {
  const agent = ssh2.createAgent(path)
  const keys = await new Promise<readonly ParsedKey[] | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), LIST_TIMEOUT_MS)
    agent.getIdentities((error, found) => {
      clearTimeout(timer)
      resolve(error ? null : (found ?? []).filter(isParsedKey))
    })
  })
  return keys === null ? null : keys.flatMap((key) => toAgentKey(agent, key) ?? [])
}

function toAgentKey(agent: BaseAgent, key: ParsedKey): AgentKey | null {
  const publicKey = readPublicKey(key.getPublicSSH())
  if (publicKey === null) return null
  return {
    comment: key.comment,
    publicKey,
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        agent.sign(key, data, hash === undefined ? {} : { hash }, (error, signature) => {
          if (signature === undefined) reject(error ?? new Error('The agent returned no signature.'))
          else resolve(signature)
        })
      }),
  }
}

const isParsedKey = (key: unknown): key is ParsedKey =>
  typeof key === 'object' && key !== null && 'getPublicSSH' in key
