import { randomUUID } from 'node:crypto'
import { shellWord } from '../../../core/base/text/shell-word'
import type { CliContext } from '../context/cli-context'
import { openFolderApi } from '../context/folder-api'
import { claudeCommand, configPlaces } from '../../mcp/mcp-text'
import { createConfirmTokens } from '../../mcp/confirm-tokens'
import { openAgentStartsFile } from '../../../node/pods-api/agent-starts-file'
import { findServed } from '../../../node/pods-api/accounts/served-account'
import { CliExit, exitCodes } from '../../output/exit'
import type { Commands, GlobalOptions, McpClient } from '../../program/command-types'
import { TOKEN_NAME } from '../../../core/pods-api/api-token'
import { accountListText } from '../../account/account-text'
import { serveCommandText } from '../context/cli-text'
import { tokenText } from '../../serve/tokens-text'

type McpOptions = Parameters<Commands['mcp']>[0]

/** The command that offers tools to an agent over stdin and stdout. */
export function createMcpCommand(context: CliContext, watch: Commands['watch']): Pick<Commands, 'mcp'> {
  const { clock, output, version } = context

  async function serveTools(options: McpOptions): Promise<number> {
    const { account, write = false, name = 'agent' } = options
    const limit = {
      maxHourlyUsd: parseLimit('--max-hourly', options.maxHourly),
      maxTotalUsd: parseLimit('--max-total', options.maxTotal),
      jobCommands: options.allowJob ?? [],
    }
    if (!TOKEN_NAME.test(name))
      throw new CliExit(exitCodes.usage, serveCommandText.badOption('--name', serveCommandText.badName))
    // All accounts are opened, since the program that watches the folder watches all of them.
    const { account: _account, ...all } = options
    const api = await openFolderApi(context, all, watch, (line) => output.progress(line))
    const asked = account === undefined ? null : findServed(api.accounts(), account)
    let removeSignalHandlers = (): void => {}
    try {
      if (account !== undefined && asked === null)
        throw new CliExit(exitCodes.usage, accountListText.none(account))
      // Nothing else loads the SDK, so that no other command starts slower.
      const [{ startMcpServer }, { readLogEnd }] = await Promise.all([
        import('../../mcp/mcp-server'),
        import('../../mcp/read-log-end'),
      ])
      const ended = new Promise<number>((resolve) => {
        removeSignalHandlers = context.onSignal(resolve)
        api.onEnded(resolve)
        void startMcpServer({
          version,
          mayWrite: write,
          context: {
            access: api.access,
            holder: api.holder,
            accounts: api.accounts,
            caller: {
              id: 'mcp',
              name,
              scopes: write ? ['pods:write'] : ['pods:read'],
              accountIds: asked === null ? null : [asked.id],
              maxHourlyUsd: limit.maxHourlyUsd,
              podNames: null,
            },
            limit,
            starts: openAgentStartsFile(context.dataFolderOf(options)),
            confirmTokens: createConfirmTokens(randomUUID),
            now: () => clock.now(),
            readLog: (of, podId, lines) =>
              of.provider === null ? Promise.resolve([]) : readLogEnd(of.provider, podId, lines, clock),
          },
          report: (what, cause) => output.progress(`${what}: ${String(cause)}`),
          onClose: () => resolve(exitCodes.ok),
          streams: context.process,
        })
      })
      return await ended
    } finally {
      await api.close()
      removeSignalHandlers()
    }
  }

  return {
    mcp(options) {
      if (options.printConfig === undefined) return serveTools(options)
      output.progress(configPlaces[options.printConfig])
      const command = context.process.programPath
      output.result(clientConfig(options.printConfig, process.execPath, [command, ...argumentsOf(options)]))
      return Promise.resolve(exitCodes.ok)
    },
  }
}

function parseLimit(flag: string, typed: string | undefined): number | null {
  if (typed === undefined) return null
  const usd = Number(typed)
  if (Number.isFinite(usd) && usd > 0) return usd
  throw new CliExit(exitCodes.usage, serveCommandText.badOption(flag, tokenText.badLimit))
}

/** Those that the client's command needs as well. Keys are no arguments. */
function argumentsOf({
  dataDir,
  account,
  write,
  maxHourly,
  maxTotal,
  allowJob = [],
  name,
}: McpOptions & GlobalOptions): readonly string[] {
  const option = (flag: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [flag, value]
  return [
    ...option('--data-dir', dataDir),
    ...option('--account', account),
    'mcp',
    ...(write === true ? ['--write'] : []),
    ...option('--max-hourly', maxHourly),
    ...option('--max-total', maxTotal),
    ...allowJob.flatMap((command) => ['--allow-job', command]),
    ...option('--name', name),
  ]
}

/** What to put where, for a client to start `podkeeper mcp`. `args`: of the command. */
function clientConfig(client: McpClient, command: string, args: readonly string[]): string {
  const server = { command, args }
  switch (client) {
    case 'claude-desktop':
    case 'cursor':
      return JSON.stringify({ mcpServers: { podkeeper: server } }, null, 2)
    case 'vscode':
      return JSON.stringify({ servers: { podkeeper: { type: 'stdio', ...server } } }, null, 2)
    case 'claude-code':
      return claudeCommand([command, ...args].map(shellWord))
    case 'codex':
      return `[mcp_servers.podkeeper]\ncommand = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}`
  }
}
