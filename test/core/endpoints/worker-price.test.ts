import { expect, test } from 'vitest'
import { dearestWorkerUsd, workersUsd } from '../../../src/core/endpoints/worker-price'
import type { ServerlessEndpoint } from '../../../src/core/pods/serverless/serverless-endpoint'
import { endpoint, serverlessPrices, worker } from '../../harness/samples/endpoints'

const gpus = (
  pools: readonly string[],
  count: number | null = 1,
  excludedTypes: readonly string[] = [],
): ServerlessEndpoint => endpoint({ hardware: { kind: 'gpu', pools, excludedTypes, count } })
const cpus = (...choices: { id: string; vcpuCount: number }[]): ServerlessEndpoint =>
  endpoint({ hardware: { kind: 'cpu', choices } })

test.each<[string, ServerlessEndpoint, number | null]>([
  ['of one GPU', gpus(['ADA_24']), 1.1],
  ['of several GPUs', gpus(['ADA_24'], 4), 4.4],
  ['of the most expensive GPU of its pools', gpus(['ADA_24', 'ADA_48_PRO']), 1.9],
  ['of those that are not excluded', gpus(['ADA_48_PRO'], 1, ['NVIDIA L40S']), 1.7],
  ['of a pool that the catalog doesn’t have', gpus(['ADA_24', 'NEW_POOL']), null],
  ['of a pool of which all is excluded', gpus(['ADA_24'], 1, ['NVIDIA GeForce RTX 4090']), null],
  ['of an unknown number of GPUs', gpus(['ADA_24'], null), null],
  ['of vCPUs', cpus({ id: 'cpu5c', vcpuCount: 4 }), 0.12],
  [
    'of vCPUs of which one has no price',
    cpus({ id: 'cpu5c', vcpuCount: 4 }, { id: 'new', vcpuCount: 1 }),
    null,
  ],
  ['of unknown hardware', endpoint({ hardware: null }), null],
])('the price of a worker %s is the most that it can be, or none', (_what, one, usd) => {
  expect(dearestWorkerUsd(one, serverlessPrices)).toEqual(usd === null ? null : expect.closeTo(usd))
  expect(dearestWorkerUsd(one, null)).toBeNull()
})

test('workers that have a place cost what their GPUs do, and the most expensive count', () => {
  const mixed = gpus(['ADA_24', 'ADA_48_PRO'])
  const placed = [worker('idle'), worker('idle', { gpuTypeId: 'NVIDIA RTX 6000 Ada Generation' })]
  expect(workersUsd(2, placed, mixed, serverlessPrices)).toBeCloseTo(2.8)
  expect(workersUsd(1, placed, mixed, serverlessPrices)).toBeCloseTo(1.7)
  expect(workersUsd(3, placed, mixed, serverlessPrices)).toBeCloseTo(4.7)
  expect(workersUsd(1, [worker('idle', { gpuTypeId: null })], mixed, serverlessPrices)).toBeCloseTo(1.9)
  expect(workersUsd(2, [worker('idle')], gpus(['NEW_POOL']), serverlessPrices)).toBeNull()
})
