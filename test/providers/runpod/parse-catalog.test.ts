import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseCpus,
  parseDataCenters,
  parseGpus,
  parseLimits,
  parseSecretNames,
  parseTemplates,
} from '../../../src/providers/runpod/parse/parse-catalog'

const gpu = {
  id: 'NVIDIA L4',
  name: 'L4',
  pool: null,
  manufacturer: 'NVIDIA',
  memory: 24,
  secure: true,
  community: false,
  price: { secure: 0.43, community: 0.2 },
  maxCount: { secure: 8, community: 4 },
}

describe('a GPU offer', () => {
  it('has no price and no count on a cloud where it is not offered', () => {
    expect(parseGpus({ gpus: [gpu] })).toMatchObject([
      { priceUsd: { SECURE: 0.43, COMMUNITY: null }, maxCount: { SECURE: 8, COMMUNITY: 0 }, stock: null },
    ])
  })

  it.each([0, -1, '0.43', null, undefined])('with the price %j has none, and never $0', (price) => {
    expect(parseGpus({ gpus: [{ ...gpu, price: { secure: price } }] })?.[0]?.priceUsd.SECURE).toBe(null)
  })

  it('with a stock that is not known has none, which is not "none"', () => {
    expect(parseGpus({ gpus: [{ ...gpu, availability: 'PLENTY' }] })?.[0]?.stock).toBe(null)
    expect(parseGpus({ gpus: [{ ...gpu, availability: 'NONE' }] })?.[0]?.stock).toBe('none')
  })

  it('that cannot be read is left out, and the others stay', () => {
    const gpus = parseGpus({ gpus: [null, { ...gpu, id: '' }, { ...gpu, id: 'a\u202eb' }, gpu, gpu] })
    expect(gpus?.map(({ id }) => id)).toEqual(['NVIDIA L4'])
  })

  it('keeps only CUDA versions that are available', () => {
    const cudaVersions = [
      { version: '12.8', available: true },
      { version: '13.0', available: false },
      { version: 'x', available: true },
    ]
    expect(parseGpus({ gpus: [{ ...gpu, cudaVersions }] })?.[0]?.cudaVersions).toEqual(['12.8'])
  })
})

describe('a template', () => {
  const template = { id: 't', name: 'T', image: 'i', env: { TOKEN: 'canary' }, serverless: false }
  it('of serverless workers is none of pods, nor is one without an image', () => {
    expect(
      parseTemplates({
        templates: [
          { ...template, serverless: true },
          { ...template, image: '' },
        ],
      }),
    ).toEqual([])
  })
  it('has the names of its variables only', () => {
    const read = parseTemplates({ templates: [template] })
    expect(read?.[0]?.variableNames).toEqual(['TOKEN'])
    expect(JSON.stringify(read)).not.toContain('canary')
  })
})

describe('secrets and limits', () => {
  it('are read in the forms that they may have', () => {
    const secrets = ['A', { name: 'B' }, { name: 'team/c.d-e' }, { name: 'no good' }, { name: '/f' }, 7]
    expect(parseSecretNames({ secrets })).toEqual(['A', 'B', 'team/c.d-e'])
    expect(parseLimits({ spendRate: 80 })).toEqual({ spendPerHourUsd: 80 })
    expect(parseLimits({ limits: { spendRate: 40 } })).toEqual({ spendPerHourUsd: 40 })
    // Nothing says which figure of an object is the limit.
    const objects = { spendRate: { limit: 40, current: 3 }, serverlessWorkers: { max: 5 } }
    expect(parseLimits(objects)).toEqual({ spendPerHourUsd: null })
    expect(parseLimits({ spendRate: null })).toEqual({ spendPerHourUsd: null })
    expect(parseLimits([])).toBe(null)
  })
})

it('no reply makes a parser of the catalog throw', () => {
  const parsers = [parseGpus, parseCpus, parseDataCenters, parseTemplates, parseSecretNames, parseLimits]
  const fields = ['gpus', 'cpus', 'dataCenters', 'templates', 'secrets'] as const
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...fields), (value, field) => {
      for (const parse of parsers) {
        parse(value)
        parse({ [field]: [value, { id: 'x', vcpu: value, price: value, env: value, mounts: value }] })
      }
    }),
  )
})
