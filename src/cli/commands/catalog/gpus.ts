import { formatUsd } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import type { GpuOffer, Stock } from '../../../core/pods/catalog'
import type { CloudTier } from '../../../core/pods/pod-request'
import type { Provider } from '../../../core/pods/provider'
import { exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import { type Column, tableLines } from '../../output/table'
import { readExit } from '../read-exit'
import { gpusText, sizeText } from './catalog-text'
import type { CommandRun } from '../../output/command-run'

export interface GpusOptions extends CommandRun {
  readonly cloud: CloudTier
  readonly count: number
  readonly isAvailableOnly: boolean
}

/** Lists the GPU types of a cloud, the cheapest first; those without a price last. */
export async function showGpus(provider: Provider, options: GpusOptions): Promise<number> {
  const { cloud, count, isAvailableOnly, isJson, output } = options
  const read = await provider.listGpus?.({ cloud, count })
  if (read?.ok !== true) throw read === undefined ? new Error('no list of GPUs') : readExit(read.error)
  const rows = read.value
    .filter(({ maxCount, stock }) => maxCount[cloud] >= count && (!isAvailableOnly || isFree(stock)))
    .sort((a, b) => (priceOf(a, cloud) ?? Infinity) - (priceOf(b, cloud) ?? Infinity))
  if (isJson) {
    output.result(
      JSON.stringify(
        { version: JSON_VERSION, cloud, count, gpus: rows.map((gpu) => toJson(gpu, cloud, count)) },
        null,
        2,
      ),
    )
    return exitCodes.ok
  }
  if (rows.length === 0) output.progress(gpusText.none)
  else for (const line of tableLines(columnsOf(cloud, count), rows, options.columns)) options.print(line)
  return exitCodes.ok
}

/** What is not reported may be free. */
const isFree = (stock: Stock | null): boolean => stock !== 'none'

const priceOf = ({ priceUsd }: GpuOffer, cloud: CloudTier): number | null => priceUsd[cloud]

const stockTexts: Readonly<Record<Stock, string>> = {
  none: 'none',
  low: 'low',
  medium: 'medium',
  high: 'high',
}

function columnsOf(cloud: CloudTier, count: number): readonly Column<GpuOffer>[] {
  const column = (
    title: string,
    cell: (gpu: GpuOffer) => string,
    dropPriority: number,
    align: 'left' | 'right' = 'left',
  ): Column<GpuOffer> => ({
    title,
    align,
    dropPriority,
    minWidth: null,
    cell: (gpu) => ({ text: plainText(cell(gpu)), tone: 'plain' }),
  })
  const price = (times: number) => (gpu: GpuOffer) => {
    const usd = priceOf(gpu, cloud)
    return usd === null ? '?' : formatUsd(usd * times)
  }
  return [
    column('GPU', ({ name }) => name, 0),
    column('VRAM', ({ memoryGb }) => sizeText(memoryGb), 3, 'right'),
    column('$/HR', price(1), 0, 'right'),
    ...(count === 1 ? [] : [column(`${count} × $/HR`, price(count), 1, 'right')]),
    column('STOCK', ({ stock }) => (stock === null ? '?' : stockTexts[stock]), 0),
    column('MAX', ({ maxCount }) => String(maxCount[cloud]), 4, 'right'),
    column(gpusText.dataCenters, ({ dataCenters }) => dataCenters.map(({ id }) => id).join(' '), 5),
  ]
}

const toJson = (gpu: GpuOffer, cloud: CloudTier, count: number): unknown => {
  const usd = priceOf(gpu, cloud)
  return {
    id: gpu.id,
    name: gpu.name,
    memoryGb: gpu.memoryGb,
    perGpuPerHourUsd: usd,
    perHourUsd: usd === null ? null : usd * count,
    maxCount: gpu.maxCount[cloud],
    stock: gpu.stock,
    dataCenters: gpu.dataCenters,
  }
}
