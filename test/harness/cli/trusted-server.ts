import type { CommandOutput } from '../../../src/ssh/run/run-command'
import type { RunFailure } from '../../../src/ssh/run/run-failure'
import type { Result } from '../../../src/core/base/result'
import type { SshTarget } from '../../../src/ssh/connection/ssh-shell'
import { startOpenSshForTest } from '../ssh/openssh-for-test'
import type { OpenSshServerOptions } from '../ssh/openssh-server'
import { captureShell, createSshClient, target, toEndpoint } from '../ssh/ssh-client'

/** The pod by one route only. */
export function byRoute(route: 'direct' | 'proxy', port: number, username: string): SshTarget {
  const endpoint = toEndpoint({ port, username })
  return { ...target(null), ssh: { direct: null, proxy: null, [route]: endpoint } }
}

/** A client and a real server whose host key it trusts because a terminal was opened before. */
export async function startTrustedServer(
  route: 'direct' | 'proxy',
  options: Partial<OpenSshServerOptions> = {},
  client: Parameters<typeof createSshClient>[0] = {},
) {
  const here = createSshClient(client)
  const server = await startOpenSshForTest({ authorized: [here.key().publicLine], ...options })
  const where = byRoute(route, server.port, server.username)
  captureShell(await here.connect(where)).shell.close()
  const run = (
    script: string,
    limitMs = 60_000,
    signal = new AbortController().signal,
    at: SshTarget = where,
  ): Promise<Result<CommandOutput, RunFailure>> => here.ssh.runCommand(at, { script, limitMs }, signal)
  return { here, server, where, run }
}

export function textOf(result: Result<CommandOutput, RunFailure>): string {
  if (!result.ok) throw new Error(`The command has no result: ${JSON.stringify(result.error)}`)
  return result.value.bytes.toString()
}
