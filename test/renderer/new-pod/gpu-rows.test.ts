import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gpuRows, gpuOrders, moveTo, type GpuRowsOptions } from '../../../src/renderer/new-pod/gpu-rows'
import { gpuOffer } from '../../harness/samples/pod-forms'

const place = (id: string, stock: 'none' | 'low' | 'high' | null) => ({ id, name: id, stock })
const offers = [
  gpuOffer('H100 SXM', { dataCenters: [place('US-KS-2', 'low'), place('EU-RO-1', 'none')], stock: 'low' }),
  gpuOffer('A100 SXM', { priceUsd: { SECURE: 1.5, COMMUNITY: 1 }, memoryGb: 40, stock: 'none' }),
  gpuOffer('L4', {
    priceUsd: { SECURE: null, COMMUNITY: null },
    maxCount: { SECURE: 2, COMMUNITY: 0 },
    memoryGb: null,
    stock: null,
  }),
]
const rows = (options: Partial<GpuRowsOptions> = {}) =>
  gpuRows({
    offers: { SECURE: offers, COMMUNITY: offers },
    clouds: ['SECURE'],
    dataCenterIds: [],
    favorites: [],
    filter: '',
    order: 'price',
    isReversed: false,
    ...options,
  })
const names = (options: Partial<GpuRowsOptions> = {}) => rows(options).map(({ name }) => name)

test('the most expensive types come first, and those without a price last', () => {
  expect(names()).toEqual(['H100 SXM', 'A100 SXM', 'L4'])
  expect(names({ isReversed: true })).toEqual(['L4', 'A100 SXM', 'H100 SXM'])
  expect(names({ order: 'name' })).toEqual(['A100 SXM', 'H100 SXM', 'L4'])
  expect(names({ order: 'memory' })).toEqual(['H100 SXM', 'A100 SXM', 'L4'])
  expect(names({ order: 'stock' })).toEqual(['H100 SXM', 'A100 SXM', 'L4'])
})

test('favorites come first in each order', () => {
  for (const order of gpuOrders) expect(names({ order, favorites: ['NVIDIA L4'] })[0]).toBe('L4')
})

test('the filter needs every word, in any case', () => {
  expect(names({ filter: 'sxm h1' })).toEqual(['H100 SXM'])
  expect(names({ filter: 'h1 pcie' })).toEqual([])
})

test('a type that a cloud does not offer is not listed for it, and two clouds show both prices', () => {
  expect(names({ clouds: ['COMMUNITY'] })).toEqual(['H100 SXM', 'A100 SXM'])
  expect(rows({ clouds: ['SECURE', 'COMMUNITY'] })[1]).toMatchObject({
    priceUsd: 1,
    prices: [
      { cloud: 'SECURE', usd: 1.5 },
      { cloud: 'COMMUNITY', usd: 1 },
    ],
  })
})

test('stock is that of the chosen data centers; where none is named, it is what the service says', () => {
  expect(rows()[0]).toMatchObject({ stock: 'low', places: ['US-KS-2'] })
  expect(rows({ dataCenterIds: ['EU-RO-1'] })[0]).toMatchObject({ stock: 'none', places: [] })
  expect(rows({ dataCenterIds: ['CA-MTL-1'] })[0]).toMatchObject({ stock: 'none' })
  expect(rows({ dataCenterIds: ['EU-RO-1'] })[1]).toMatchObject({ stock: 'none' })
  expect(rows({ dataCenterIds: ['EU-RO-1'] })[2]).toMatchObject({ stock: null })
})

test('a move keeps all choices, and puts one in its new place', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { maxLength: 8 }),
      fc.integer(),
      fc.integer(),
      (ids, from, to) => {
        const moved = moveTo(ids, from, to)
        expect([...moved].sort()).toEqual([...ids].sort())
        if (ids[from] !== undefined && ids[to] !== undefined) expect(moved[to]).toBe(ids[from])
        else expect(moved).toEqual(ids)
      },
    ),
  )
})
