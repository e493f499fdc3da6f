import './gpu-table.css'
import { type ReactNode, useMemo, useState } from 'react'
import { Button as AriaButton, Input, SearchField } from 'react-aria-components'
import { formatGb, formatUsd } from '../../core/base/text/format'
import { Icon } from '../ui/icon'
import { loadFavorites, saveFavorites } from './state/favorites'
import { type GpuOrder, type GpuRow, gpuRows } from './gpu-rows'
import { StockBars } from './fields/stock-bars'
import { useNewPod } from './state/new-pod-context'
import { gpuTableText, placesText, priceNote } from './new-pod-text'

const columns: readonly { readonly order: GpuOrder; readonly label: string; readonly isNumber: boolean }[] = [
  { order: 'name', label: gpuTableText.type, isNumber: false },
  { order: 'memory', label: gpuTableText.memory, isNumber: true },
  { order: 'price', label: gpuTableText.priceEach, isNumber: true },
  { order: 'stock', label: gpuTableText.stock, isNumber: false },
]

/** The GPU types with price and stock. A click puts one at the end of the order. */
export function GpuTable({ children }: { readonly children: ReactNode }) {
  const { form, context, change } = useNewPod()
  const [filter, setFilter] = useState('')
  const [order, setOrder] = useState<GpuOrder>('price')
  const [isReversed, setReversed] = useState(false)
  const [favorites, setFavorites] = useState(() => loadFavorites(localStorage))
  const { gpus } = context
  const { clouds, dataCenterIds } = form
  const places = usePlaces()
  const rows = useMemo(
    () =>
      gpuRows({
        offers: gpus,
        clouds,
        dataCenterIds: places ?? dataCenterIds,
        favorites,
        filter,
        order,
        isReversed,
      }),
    [gpus, clouds, dataCenterIds, places, favorites, filter, order, isReversed],
  )
  const sortBy = (next: GpuOrder): void => {
    setReversed(next === order && !isReversed)
    setOrder(next)
  }
  const toggleFavorite = (id: string): void => {
    const next = favorites.includes(id) ? favorites.filter((one) => one !== id) : [...favorites, id]
    setFavorites(next)
    saveFavorites(localStorage, next)
  }
  const toggle = (id: string): void =>
    change({
      gpuTypeIds: form.gpuTypeIds.includes(id)
        ? form.gpuTypeIds.filter((one) => one !== id)
        : [...form.gpuTypeIds, id],
    })
  return (
    <>
      <div className="new-hardware-head">
        {children}
        <SearchField
          className="search"
          aria-label={gpuTableText.filterGpus}
          value={filter}
          onChange={setFilter}
        >
          <Icon name="search" size={14} />
          <Input className="search-input" placeholder={gpuTableText.filter} maxLength={100} />
        </SearchField>
      </div>
      <div className="new-table" role="region" aria-label={gpuTableText.gpuTypes} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="unseen">{gpuTableText.rank}</span>
              </th>
              {columns.map(({ order: own, label, isNumber }) => (
                <th
                  key={own}
                  scope="col"
                  className={isNumber ? 'new-number' : undefined}
                  aria-sort={own !== order ? 'none' : isReversed ? 'descending' : 'ascending'}
                >
                  <AriaButton className="new-sort" onPress={() => sortBy(own)}>
                    {label}
                    {own === order && <Icon name={isReversed ? 'up' : 'chevron'} size={11} />}
                  </AriaButton>
                </th>
              ))}
              <th scope="col">
                <span className="unseen">{gpuTableText.favorite}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                rank={form.gpuTypeIds.indexOf(row.id) + 1}
                count={form.gpuCount}
                onToggle={() => toggle(row.id)}
                onFavorite={() => toggleFavorite(row.id)}
              />
            ))}
          </tbody>
        </table>
        {rows.length === 0 && (
          <p className="new-none">{filter === '' ? gpuTableText.noneKnown : gpuTableText.noneNamed}</p>
        )}
      </div>
    </>
  )
}

/** A network volume is in one data center. */
function usePlaces(): readonly string[] | null {
  const { form, context } = useNewPod()
  const { storage } = form
  return useMemo(() => {
    if (storage.kind !== 'network') return null
    const place = context.volumes?.find(({ id }) => id === storage.volumeId)?.dataCenterId
    return place === undefined || place === null ? null : [place]
  }, [storage, context.volumes])
}

interface GpuRowProps {
  readonly row: GpuRow
  /** 0: it is not chosen. */
  readonly rank: number
  readonly count: number
  readonly onToggle: () => void
  readonly onFavorite: () => void
}

function Row({ row, rank, count, onToggle, onFavorite }: GpuRowProps) {
  const { name, memoryGb, priceUsd, stock, places, isFavorite, maxCount } = row
  const note = priceNote(row, count)
  const below = count > maxCount ? gpuTableText.atMost(maxCount) : placesText(places)
  return (
    // The button does the same for the keyboard.
    <tr className={rank > 0 ? 'new-chosen' : undefined} onClick={onToggle}>
      <td>
        <AriaButton
          className="new-rank"
          aria-label={rank > 0 ? gpuTableText.chosen(name, rank) : gpuTableText.try(name)}
          aria-pressed={rank > 0}
          onPress={onToggle}
        >
          {rank > 0 ? rank : <span className="new-box" />}
        </AriaButton>
      </td>
      <td>
        <span className="new-name">{name}</span>
        {below !== '' && (
          <span className="new-note" title={places.join(', ')}>
            {below}
          </span>
        )}
      </td>
      <td className="new-number">{memoryGb === null ? '–' : formatGb(memoryGb)}</td>
      <td className="new-number">
        {priceUsd === null ? gpuTableText.unknown : formatUsd(priceUsd)}
        {note !== '' && <span className="new-note">{note}</span>}
      </td>
      <td>
        <StockBars stock={stock} />
      </td>
      <td>
        <AriaButton
          className="new-star"
          aria-label={gpuTableText.favoriteOf(name)}
          aria-pressed={isFavorite}
          onPress={onFavorite}
        >
          <svg width="14" height="14" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 3.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6-5.4-3-5.4 3 1.2-6L3.3 9.8l6.1-.7z" />
          </svg>
        </AriaButton>
      </td>
    </tr>
  )
}
