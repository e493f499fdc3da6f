import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  parseLog,
  parseReadings,
  parseResults,
  parseStart,
  UNREADABLE,
} from '../../../../src/core/queue/host/job-output-codec'

const unreadable = { ok: false, error: UNREADABLE }

describe('what a pod prints about jobs', () => {
  it('is one line for each job that was asked about, in that order', () => {
    const output = [
      'job a absent',
      'job b prepared',
      'job c running 1700000000 100 107',
      'job d ended 137 1 1700000000 1700000060',
      'job e ended - 0 1700000000 -',
      'job f ended - 0 - -',
      'end\n',
    ].join('\n')
    expect(parseReadings(output, ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual({
      ok: true,
      value: [
        { jobId: 'a', kind: 'absent' },
        { jobId: 'b', kind: 'prepared' },
        { jobId: 'c', kind: 'running', startedAtS: 1_700_000_000, heartbeatAgeS: 7 },
        {
          jobId: 'd',
          kind: 'ended',
          exitCode: 137,
          isTimedOut: true,
          startedAtS: 1_700_000_000,
          endedAtS: 1_700_000_060,
        },
        {
          jobId: 'e',
          kind: 'ended',
          exitCode: null,
          isTimedOut: false,
          startedAtS: 1_700_000_000,
          endedAtS: null,
        },
        { jobId: 'f', kind: 'ended', exitCode: null, isTimedOut: false, startedAtS: null, endedAtS: null },
      ],
    })
  })

  it.each([
    '',
    'end\n',
    'job a absent\n',
    'job b absent\nend\n',
    'job a absent\njob a absent\nend\n',
    'job a ended 256 0 1 2\nend\n',
    'job a ended 0 2 1 2\nend\n',
    'job a ended 0 0 1\nend\n',
    'job a running - 1 2\nend\n',
    'job a running 1 2\nend\n',
    'job a absent 1 2\nend\n',
    'job a paused\nend\n',
    'job a ended 00000000000000 0 1 2\nend\n',
    'job a absent\nend\nmore',
  ])('is unreadable where anything is missing, repeated or unknown: %j', (output) => {
    expect(parseReadings(output, ['a'])).toEqual(unreadable)
  })

  it('says why it failed in one plain sentence', () => {
    expect(parseStart('failed mkdir: cannot create\n\u001B[2J directory: No space left on device\n')).toEqual(
      {
        ok: false,
        error: 'mkdir: cannot create [2J directory: No space left on device.',
      },
    )
    expect(parseReadings('job a absent\nfailed /x/.podkeeper is a link.\n', ['a'])).toEqual({
      ok: false,
      error: '/x/.podkeeper is a link.',
    })
    expect(parseStart('failed \n')).toMatchObject({ ok: false })
    expect(parseStart('started')).toEqual({ ok: true, value: 'started' })
    expect(parseStart('exists\n')).toEqual({ ok: true, value: 'exists' })
    expect(parseStart('started\nstarted')).toEqual(unreadable)
  })

  it('is a log or results only as a whole', () => {
    expect(parseLog('log 4 base64\nYWJj\nZA==\nend\n')).toMatchObject({
      ok: true,
      value: { text: 'YWJjZA==' },
    })
    expect(parseLog('log 2 hex\n 61 62\nend\n')).toMatchObject({ ok: true, value: { text: '6162' } })
    for (const output of [
      'log 2 hex\n 61 6\nend\n',
      'log x hex\nend\n',
      'log 2 base64\nYW!\nend\n',
      'log 2 hex\n',
    ])
      expect(parseLog(output)).toEqual(unreadable)
    const hash = 'ab'.repeat(32)
    expect(parseResults(`file 3 ${hash} 612f62\nfile 3 ${hash} 612f62\nfile 1 ${hash} ff\nend\n`)).toEqual({
      ok: true,
      value: [{ name: 'a/b', sizeBytes: 3, sha256: hash }],
    })
    expect(parseResults('unsupported\n')).toEqual({ ok: true, value: 'unsupported' })
    expect(parseResults(`file 3 ${hash}  612f62\nend\n`)).toEqual(unreadable)
  })

  it('never makes a parser throw, and never yields another job', () => {
    const words = fc.constantFrom(
      'job',
      'a',
      'ended',
      'running',
      'end',
      'failed',
      'log',
      'file',
      '1',
      '-',
      ' ',
      '\n',
      'é',
    )
    fc.assert(
      fc.property(
        fc.array(words).map((all) => all.join('')),
        (output) => {
          const readings = parseReadings(output, ['a'])
          if (readings.ok) expect(readings.value.map(({ jobId }) => jobId)).toEqual(['a'])
          parseLog(output)
          parseResults(output)
          parseStart(output)
        },
      ),
    )
  })
})
