import type { McpClient } from '../program/command-types'

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
      return `claude mcp add podkeeper -- ${[command, ...args].map(quoted).join(' ')}`
    case 'codex':
      return `[mcp_servers.podkeeper]\ncommand = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}`
  }
}

export const configPlaces: Readonly<Record<McpClient, string>> = {
  'claude-desktop': 'Add this to claude_desktop_config.json:',
  'claude-code': 'Run this:',
  cursor: 'Add this to ~/.cursor/mcp.json:',
  vscode: 'Add this to .vscode/mcp.json:',
  codex: 'Add this to ~/.codex/config.toml:',
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
