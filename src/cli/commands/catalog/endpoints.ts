import { formatUsd } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import { activityOf, type EndpointActivity } from '../../../core/endpoints/endpoint-activity'
import { upToPerHourText, workersText } from '../../../core/endpoints/endpoint-text'
import { workersUsd } from '../../../core/endpoints/worker-price'
import type { Provider } from '../../../core/pods/provider'
import type { ServerlessEndpoint, ServerlessPrices } from '../../../core/pods/serverless/serverless-endpoint'
import { type Control, refusalExit } from '../../account/open-control'
import type { CommandRun } from '../../output/command-run'
import { CliExit, exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import { changeNeedsYes, nothingText } from '../../output/nothing-text'
import { type Column, tableLines } from '../../output/table'
import { promptLine } from '../confirm-by-name'
import { unclearText } from '../control/unclear-text'
import { readExit } from '../read-exit'
import { endpointsText } from './catalog-text'

const endpointVerbs = ['list', 'set-min-0'] as const
export type EndpointVerb = (typeof endpointVerbs)[number]

export const isEndpointVerb = (text: string): text is EndpointVerb =>
  endpointVerbs.some((verb) => verb === text)

export interface EndpointsOptions extends Omit<CommandRun, 'onSignal' | 'isDryRun' | 'confirmName'> {
  readonly verb: EndpointVerb
  readonly endpoint: string | undefined
  readonly openControl: () => Promise<Control>
}

interface EndpointRow {
  readonly endpoint: ServerlessEndpoint
  /** At this moment. Null: the endpoint keeps no workers. */
  readonly now: EndpointActivity['kind'] | null
  readonly perHourUsd: number | null
}

/** Lists serverless endpoints, or sets the minimum of one to 0, once. Throws a `CliExit` with nothing changed. */
export async function showEndpoints(provider: Provider, options: EndpointsOptions): Promise<number> {
  const listed = await provider.listEndpoints?.()
  if (listed?.ok !== true)
    throw listed === undefined ? new CliExit(exitCodes.usage, endpointsText.noneHere) : readExit(listed.error)
  const { endpoints, isComplete } = listed.value
  if (options.verb === 'set-min-0')
    return setMinimum(findEndpoint(endpoints, options.endpoint), options, provider)
  const rows = await readRows(provider, endpoints)
  if (!isComplete) options.output.progress(endpointsText.incomplete)
  return printRows(rows, options)
}

async function readRows(
  provider: Provider,
  endpoints: readonly ServerlessEndpoint[],
): Promise<readonly EndpointRow[]> {
  const isKept = ({ minWorkers }: ServerlessEndpoint): boolean => minWorkers !== 0
  const prices = endpoints.some(isKept) ? await provider.readServerlessPrices?.() : undefined
  const known = prices?.ok === true ? prices.value : null
  const rows: EndpointRow[] = []
  for (const endpoint of endpoints)
    rows.push(
      isKept(endpoint)
        ? await readRow(provider, endpoint, known)
        : { endpoint, now: null, perHourUsd: endpoint.minWorkers === 0 ? 0 : null },
    )
  return rows
}

async function readRow(
  provider: Provider,
  endpoint: ServerlessEndpoint,
  prices: ServerlessPrices | null,
): Promise<EndpointRow> {
  const read = await provider.listEndpointWorkers?.(endpoint.id)
  const workers = read?.ok === true ? read.value : null
  return {
    endpoint,
    now: workers === null ? 'unknown' : activityOf(endpoint, workers).kind,
    perHourUsd:
      endpoint.minWorkers === null
        ? null
        : workersUsd(endpoint.minWorkers, workers?.workers ?? [], endpoint, prices),
  }
}

function printRows(
  rows: readonly EndpointRow[],
  { isJson, output, columns, print }: EndpointsOptions,
): number {
  if (isJson)
    output.result(
      JSON.stringify(
        {
          version: JSON_VERSION,
          endpoints: rows.map(({ endpoint: { id, name, minWorkers, maxWorkers }, now, perHourUsd }) => ({
            id,
            name,
            minWorkers,
            maxWorkers,
            now,
            maxPerHourUsd: perHourUsd,
          })),
        },
        null,
        2,
      ),
    )
  else if (rows.length === 0) output.progress(endpointsText.none)
  else for (const line of tableLines(endpointColumns, rows, columns)) print(line)
  return exitCodes.ok
}

const column = (
  title: string,
  cell: (row: EndpointRow) => string,
  dropPriority: number,
  align: 'left' | 'right' = 'left',
): Column<EndpointRow> => ({
  title,
  align,
  dropPriority,
  minWidth: null,
  cell: (row) => ({ text: plainText(cell(row)), tone: 'plain' }),
})

const numberText = (count: number | null): string => (count === null ? '?' : String(count))

const endpointColumns: readonly Column<EndpointRow>[] = [
  column('ENDPOINT', ({ endpoint }) => endpoint.name, 0),
  column('ID', ({ endpoint }) => endpoint.id, 2),
  column('MIN', ({ endpoint }) => numberText(endpoint.minWorkers), 0, 'right'),
  column('MAX', ({ endpoint }) => numberText(endpoint.maxWorkers), 3, 'right'),
  column(
    endpointsText.price,
    ({ perHourUsd }) => (perHourUsd === null ? '?' : formatUsd(perHourUsd)),
    1,
    'right',
  ),
  column('NOW', ({ now }) => now ?? '', 1),
]

/** By its exact name or id, whatever its case. */
function findEndpoint(
  endpoints: readonly ServerlessEndpoint[],
  asked: string | undefined,
): ServerlessEndpoint {
  if (asked === undefined) throw new CliExit(exitCodes.usage, endpointsText.noEndpoint)
  const query = asked.trim().toLowerCase()
  const named = endpoints.filter(({ id, name }) => id === asked.trim() || name.toLowerCase() === query)
  const [found, ...others] = named
  if (found === undefined) throw new CliExit(exitCodes.notFound, endpointsText.notFound(plainText(asked)))
  if (others.length > 0)
    throw new CliExit(exitCodes.notFound, endpointsText.several(named.map(({ id }) => plainText(id))))
  return found
}

async function setMinimum(
  endpoint: ServerlessEndpoint,
  { output, isConfirmed, keyboard, isJson, openControl }: EndpointsOptions,
  provider: Provider,
): Promise<number> {
  const { id, name, minWorkers } = endpoint
  if (minWorkers === 0) throw new CliExit(exitCodes.failed, endpointsText.isZero(plainText(name)))
  if (minWorkers === null) throw new CliExit(exitCodes.failed, endpointsText.unknownMinimum(plainText(name)))
  const { perHourUsd } = await readRow(provider, endpoint, await pricesOf(provider))
  const price = upToPerHourText(perHourUsd)
  output.progress(endpointsText.sets(plainText(name), workersText(minWorkers), price))
  if (!isConfirmed) {
    if (keyboard === null) throw new CliExit(exitCodes.usage, changeNeedsYes)
    if ((await promptLine(keyboard, endpointsText.ask)) !== 'yes')
      throw new CliExit(exitCodes.failed, nothingText.changed)
  }
  const control = await openControl()
  try {
    const answer = await control.requests.setMinimumToZero({ id, name, minWorkers })
    if (!answer.ok) throw refusalExit(answer.error)
    const { kind, message } = answer.value
    if (kind === 'refused') throw new CliExit(exitCodes.failed, message)
    if (kind === 'unclear')
      throw new CliExit(exitCodes.unreachable, endpointsText.unclear(unclearText(message, control)))
    if (isJson)
      output.result(JSON.stringify({ version: JSON_VERSION, outcome: 'changed', endpoint: { id, name } }))
    else output.result(plainText(message))
    return exitCodes.ok
  } finally {
    control.close()
  }
}

async function pricesOf(provider: Provider): Promise<ServerlessPrices | null> {
  const prices = await provider.readServerlessPrices?.()
  return prices?.ok === true ? prices.value : null
}
