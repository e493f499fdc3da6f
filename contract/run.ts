import { createHash } from 'node:crypto'
import { isObject, type JsonObject } from './json'
import { check, type ContractReport } from './check'
import { gaps } from './gaps'
import { DocumentError, loadDocument } from './load-document'
import { providerRequests } from './provider-requests'
import { simulatorReplies } from './simulator-replies'

/** Where Runpod publishes the document of its REST API v2. */
const PUBLISHED = 'https://api.runpod.io/v2/openapi.json'

/** Forms of a new pod and of an edit, of which about every second one can be sent. */
const FORMS = 700

/**
 * Checks the provider's requests and the simulator's replies against Runpod's own document, given as a file or an
 * address. Returns the exit code: 1 for an unknown difference, 2 if there is no document.
 */
export async function runContract(args: readonly string[], print: (text: string) => void): Promise<number> {
  const source = args[0] ?? PUBLISHED
  try {
    const document = await loadDocument(source)
    const providerExchanges = await providerRequests(FORMS)
    const simulatorExchanges = await simulatorReplies()
    const report = check(document, providerExchanges, simulatorExchanges, gaps)
    print(`Compared with ${documentName(document)}, from ${source}`)
    print(
      `${providerExchanges.length} requests, ${providerExchanges.length + simulatorExchanges.length} replies\n`,
    )
    print(formatReport(report))
    return report.findings.length === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    print(error.message)
    return 2
  }
}

/** Its title, version and digest, which tell one version of the document from another. */
function documentName(document: JsonObject): string {
  const info = isObject(document['info']) ? document['info'] : {}
  const nameOf = (field: string): string => (typeof info[field] === 'string' ? info[field] : `no ${field}`)
  const digest = createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 12)
  return `${nameOf('title')} ${nameOf('version')} (${digest})`
}

export function formatReport({
  findings,
  knownDifferences,
  closedGaps,
  answeredStatuses,
}: ContractReport): string {
  const line = (of: { operation: string; subject: string; problem: string }) =>
    `  ${of.operation}  ${of.subject}: ${of.problem}`
  const part = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${heading}\n\n${lines.join('\n')}\n`]
  const statuses = [...answeredStatuses].map(
    ([operation, seen]) => `  ${operation}  ${[...seen].sort((a, b) => a - b).join(' ')}`,
  )
  return [
    ...part('Answered, by status:', statuses),
    ...part(
      'Known to differ:',
      knownDifferences.map(({ finding, gap }) => `${line(finding)}\n      since ${gap.since}: ${gap.reason}`),
    ),
    ...part(
      'Known to differ, and no longer so; remove from contract/gaps.ts:',
      closedGaps.map(({ operation, subject }) => `  ${operation}  ${subject}`),
    ),
    findings.length === 0
      ? 'Nothing else differs from the document.'
      : part(`${findings.length} differ from the document:`, findings.map(line)).join(''),
  ].join('\n')
}
