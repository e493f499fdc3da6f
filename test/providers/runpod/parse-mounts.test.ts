import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataImpact } from '../../../src/core/pods/data-impact'
import { parseMounts } from '../../../src/providers/runpod/parse/parse-mounts'
import { pod } from '../../harness/samples/pods'

/** Each disk of a pod with these mounts, and what a stop does to it. */
const stopImpacts = (mounts: unknown) =>
  dataImpact(pod(parseMounts(mounts)), 'stop').map(({ storage, impact }) => `${storage} ${impact}`)

const volume = { size: 20, path: '/workspace' }

describe("a pod's mounts", () => {
  it.each([[{}], [{ persistent: null, network: null }], [{ network: [] }]])(
    'are none when the reply says so: %j',
    (mounts) => {
      expect(parseMounts(mounts)).toEqual({
        persistentMount: null,
        networkMounts: [],
        areMountsKnown: true,
      })
      expect(stopImpacts(mounts)).toEqual(['container-disk lost'])
    },
  )

  it('are its own volume, which survives a stop', () => {
    expect(parseMounts({ persistent: volume })).toEqual({
      persistentMount: { sizeGb: 20, path: '/workspace' },
      networkMounts: [],
      areMountsKnown: true,
    })
    expect(stopImpacts({ persistent: volume })).toEqual(['volume kept', 'container-disk lost'])
  })

  it('are its network volumes, which survive a stop', () => {
    const mounts = { network: [{ volumeId: 'v1', path: '/data' }] }
    expect(parseMounts(mounts)).toEqual({
      persistentMount: null,
      networkMounts: [{ volumeId: 'v1', path: '/data' }],
      areMountsKnown: true,
    })
    expect(stopImpacts(mounts)).toEqual(['network-volume kept', 'container-disk lost'])
  })

  it.each([
    undefined,
    null,
    'none',
    0,
    [],
    { persistent: 'yes' },
    { persistent: {} },
    { persistent: [] },
    { persistent: false },
    { persistent: { size: 0, path: '/workspace' } },
    { persistent: { size: -20, path: '/workspace' } },
    { persistent: { size: '20', path: '/workspace' } },
    { persistent: { size: Number.NaN, path: '/workspace' } },
    { persistent: { path: '/workspace' } },
    { persistent: { size: 20 } },
    { persistent: { size: '20', path: 5 } },
    { persistent: { size: 20, path: 5 } },
    { persistent: { size: 20, path: '' } },
    { persistent: { size: 20, path: '\u200B ' } },
    { network: {} },
    { network: 'v1' },
    { network: [7] },
    { network: [{}] },
    { network: [{ volumeId: 'v1' }] },
    { network: [{ volumeId: 'v1', path: '' }] },
    { network: [{ volumeId: '', path: '/data' }] },
    { network: [{ volumeId: 7, path: '/data' }] },
  ])('are unknown, and no volume, when they are unreadable: %j', (mounts) => {
    expect(parseMounts(mounts)).toMatchObject({ persistentMount: null, areMountsKnown: false })
    expect(stopImpacts(mounts)).toEqual(['mounts unknown', 'container-disk lost'])
  })

  it('are unknown when one of several is unreadable, and the others stay', () => {
    const network = [{ volumeId: 'v1', path: '/data' }, { volumeId: 'v2' }, { path: '/lost' }, 7]
    expect(parseMounts({ persistent: volume, network })).toEqual({
      persistentMount: { sizeGb: 20, path: '/workspace' },
      networkMounts: [
        { volumeId: 'v1', path: '/data' },
        { volumeId: 'v2', path: null },
      ],
      areMountsKnown: false,
    })
  })

  it('are a known volume only with a positive size and a path, whatever the reply says', () => {
    const anyMount = fc.oneof(
      fc.jsonValue(),
      fc.record({ size: fc.jsonValue(), path: fc.jsonValue() }, { requiredKeys: [] }),
      fc.record({ size: fc.double(), path: fc.string() }, { requiredKeys: [] }),
    )
    fc.assert(
      fc.property(anyMount, (persistent) => {
        const { persistentMount, areMountsKnown } = parseMounts({ persistent })
        expect(persistentMount === null).toBe(persistent === null || !areMountsKnown)
        if (persistentMount === null) return
        expect(persistentMount.sizeGb).toBeGreaterThan(0)
        expect(persistentMount.path).not.toBe('')
        expect(persistent).toMatchObject({ size: persistentMount.sizeGb })
      }),
    )
  })
})
