import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  crashLoop,
  emptySystemLog,
  pullProgress,
  type SystemLog,
  withSystemLine,
} from '../../../src/core/logs/system-log'

const logOf = (...texts: readonly string[]): SystemLog =>
  texts.reduce((log, text, i) => withSystemLine(log, { text, atMs: i * 1_000 }), emptySystemLog)

describe('the system log of a start', () => {
  it('tells how far the layers of a pull are', () => {
    const log = logOf(
      'create container example/a',
      'latest Pulling from example/a',
      '7a2c55901189 Already exists',
      '0306448bfdf8 Pulling fs layer',
      'c7de18f1cb15 Pulling fs layer',
      '0306448bfdf8 Waiting',
      'c7de18f1cb15 Downloading [=>          ]   50MB/200MB',
    )
    expect(log).toMatchObject({ isPulling: true, isImageReady: false, failure: null })
    expect(pullProgress(log)).toEqual({ pulledLayers: 1, layers: 3, percent: null })
    const later = [
      '0306448bfdf8 Downloading [=>] 100MB/0.3GB',
      'c7de18f1cb15 Download complete',
      'c7de18f1cb15 Extracting [=>  ] 1.1MB/200MB',
    ].reduce((before, text) => withSystemLine(before, { text, atMs: 1 }), log)
    expect(pullProgress(later)).toEqual({ pulledLayers: 1, layers: 3, percent: 60 })
  })

  it('says when the image is there and the container starts', () => {
    expect(logOf('status: Downloaded newer image for a')).toMatchObject({
      isImageReady: true,
      startTimesMs: [],
    })
    expect(logOf('start container')).toMatchObject({ isImageReady: true, startTimesMs: [0] })
    expect(pullProgress(logOf('create container a'))).toBeNull()
  })

  it.each([
    ['error pulling image: Error response from daemon: pull access denied for a/b', 'pull'],
    ['failed to pull image a/b:1: manifest unknown', 'pull'],
    ['failed to pull image: failed to register layer: Container ID 78971 cannot be mapped', 'pull'],
    ['error creating container: Error response from daemon: No such image: a/b:latest', 'pull'],
    ['failed to start example/b:1: exit code 1', 'start'],
    ['error creating container: nvidia-container-cli: initialization error', 'start'],
  ] as const)('fails by %s', (text, what) => {
    expect(logOf('create container a/b', text).failure).toEqual({ what, text })
  })

  it('no longer fails once something continues', () => {
    const failure = 'failed to pull image a: timeout'
    expect(logOf(failure, 'create container a').failure).not.toBeNull()
    for (const text of [
      'c7de18f1cb15 Downloading [=>] 50MB/200MB',
      'start container',
      'Status: Image is up to date',
    ])
      expect(logOf(failure, text).failure).toBeNull()
  })

  it('has a crash loop after three starts within ten minutes, and not after three in a day', () => {
    const at = (...minutes: readonly number[]): SystemLog =>
      minutes.reduce(
        (log, minute) => withSystemLine(log, { text: 'start container', atMs: minute * 60_000 }),
        emptySystemLog,
      )
    expect(crashLoop(at(0, 1))).toBeNull()
    expect(crashLoop(at(0, 1, 10))).toEqual({ starts: 3, forMs: 600_000 })
    expect(crashLoop(at(0, 1, 11))).toBeNull()
    expect(crashLoop(at(0, 300, 301, 302, 303))).toEqual({ starts: 4, forMs: 180_000 })
  })

  it('begins anew when the container is stopped', () => {
    expect(logOf('start container', 'stop container')).toMatchObject({
      isImageReady: false,
      startTimesMs: [],
    })
  })

  it('keeps the last lines, of a download only the latest', () => {
    const log = logOf(
      'a',
      ...Array.from({ length: 50 }, (_, i) => `c7de18f1cb15 Downloading [=>] ${i}MB/200MB`),
      '0306448bfdf8 Downloading [=>] 1MB/200MB',
    )
    expect(log.lines.map(({ text }) => text)).toEqual([
      'a',
      'c7de18f1cb15 Downloading [=>] 49MB/200MB',
      '0306448bfdf8 Downloading [=>] 1MB/200MB',
    ])
  })

  it('stays small and sensible whatever it says', () => {
    const id = fc.stringMatching(/^[0-9a-f]{8,12}$/)
    const line = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom('start container', 'stop container', 'error pulling image: x', 'pulling image a'),
      fc
        .tuple(
          id,
          fc.constantFrom('Downloading', 'Extracting', 'Pull complete', 'Waiting'),
          fc.float(),
          fc.float(),
        )
        .map(([layer, word, a, b]) => `${layer} ${word} [=>] ${a}MB/${b}GB`),
      fc.constant('x'.repeat(10_000)),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (texts) => {
        const log = logOf(...texts)
        expect(log.lines.length).toBeLessThanOrEqual(6)
        for (const { text } of log.lines) expect(text.length).toBeLessThanOrEqual(300)
        const pull = pullProgress(log)
        if (pull === null) return
        expect(pull.pulledLayers).toBeLessThanOrEqual(pull.layers)
        if (pull.percent === null) return
        expect(pull.percent).toBeGreaterThanOrEqual(0)
        expect(pull.percent).toBeLessThanOrEqual(100)
      }),
    )
  })
})
