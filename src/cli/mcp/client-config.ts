import { shellWord } from '../../core/base/text/shell-word'
import type { McpClient } from '../program/command-types'
import { claudeCommand } from './mcp-text'

/** What to put where, for a client to start `podkeeper mcp`. `args`: of the command. */
export function clientConfig(client: McpClient, command: string, args: readonly string[]): string {
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
