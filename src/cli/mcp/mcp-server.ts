import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import * as v from 'valibot'
import { ApiUnavailable } from '../../node/pods-api/api-server'
import { jsonSchemaOf } from '../../node/pods-api/json-schema'
import { isReadOnly, toolHints } from '../../node/pods-api/tool-hints'
import type { CliProcess } from '../output/cli-process'
import { mcpText } from './mcp-text'
import { readTools } from './read-tools'
import { type Tool, type ToolContext, ToolProblem } from './tool'
import { bounded } from './untrusted-text'
import { writeTools } from './write-tools'

const allTools: readonly Tool[] = [...readTools, ...writeTools]

export interface McpServerOptions {
  readonly version: string
  readonly mayWrite: boolean
  readonly context: ToolContext
  readonly report: (what: string, cause: unknown) => void
  readonly onClose: () => void
  readonly streams: Pick<CliProcess, 'stdin' | 'stdout'>
}

/** Serves tools over stdin and stdout until the client goes away. */
export async function startMcpServer({
  version,
  mayWrite,
  context,
  report,
  onClose,
  streams: { stdin, stdout },
}: McpServerOptions): Promise<void> {
  const server = new Server(
    { name: 'podkeeper', version },
    { capabilities: { tools: {} }, instructions: mcpText.instructions },
  )
  const offered = allTools.filter((tool) => mayWrite || isReadOnly(tool.cause))

  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: offered.map(({ name, title, description, input, cause }) => ({
      name,
      title,
      description,
      inputSchema: { type: 'object' as const, ...jsonSchemaOf(input, 'input') },
      annotations: { title, ...toolHints(cause) },
    })),
  }))

  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const { name, arguments: given = {} } = params
    const found = allTools.find((each) => each.name === name)
    if (found === undefined) return problem(mcpText.unknownTool(bounded(name, 100)))
    if (!offered.includes(found)) return problem(mcpText.readOnly(name))
    const input = v.safeParse(found.input, given)
    if (!input.success) {
      const issues = input.issues.map((issue) => `${v.getDotPath(issue) ?? 'input'}: ${issue.message}`)
      return problem(mcpText.invalid(bounded(issues.join('; '), 500)))
    }
    try {
      return { content: [{ type: 'text' as const, text: await found.run(input.output, context) }] }
    } catch (cause) {
      if (cause instanceof ToolProblem) return problem(cause.message)
      if (cause instanceof ApiUnavailable) return problem(mcpText.notRead(cause.message))
      report(mcpText.failed(name), cause)
      return problem(mcpText.wentWrong)
    }
  })

  server.onclose = onClose
  // The client ends the session by closing stdin, which the transport does not notice.
  stdin.once('end', onClose)
  await server.connect(new StdioServerTransport(stdin, stdout))
}

const problem = (text: string) => ({ isError: true, content: [{ type: 'text' as const, text }] })
