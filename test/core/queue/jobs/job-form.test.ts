import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  emptyJobForm,
  evaluateJobForm,
  type JobForm,
  jobFormOf,
  timeText,
} from '../../../../src/core/queue/jobs/job-form'
import { parseTime } from '../../../../src/core/settings/definitions/typed-value'
import { jobSpec } from '../../../harness/samples/job-spec'

const form = (over: Partial<JobForm> = {}): JobForm => ({
  ...emptyJobForm,
  name: 'train-1',
  command: 'python train.py',
  ...over,
})
const problemsOf = (over: Partial<JobForm>) => evaluateJobForm(form(over)).problems.map(({ field }) => field)

describe('the form of a job', () => {
  test('a name and a command are enough', () => {
    expect(evaluateJobForm(form())).toMatchObject({
      spec: {
        name: 'train-1',
        maxSeconds: 86_400,
        estimatedSeconds: null,
        needs: { gpuCount: 1, gpuType: null },
      },
      problems: [],
    })
    expect(evaluateJobForm(emptyJobForm).problems).toEqual([
      { field: 'name', message: 'Enter a name.' },
      { field: 'command', message: 'Enter a command.' },
    ])
  })

  test('each field says what is wrong with it', () => {
    expect(problemsOf({ gpuCount: '1.5' })).toEqual(['gpuCount'])
    expect(problemsOf({ gpuCount: '' })).toEqual(['gpuCount'])
    expect(problemsOf({ gpuCount: '65' })).toEqual(['gpuCount'])
    expect(problemsOf({ gpuMemoryGb: 'much' })).toEqual(['gpuMemoryGb'])
    expect(problemsOf({ retries: '-1' })).toEqual(['retries'])
    expect(problemsOf({ maxTime: '' })).toEqual(['maxTime'])
    expect(problemsOf({ maxTime: '0' })).toEqual(['maxTime'])
    expect(problemsOf({ maxTime: '91 d' })).toEqual(['maxTime'])
    expect(problemsOf({ estimate: 'soon' })).toEqual(['estimate'])
    expect(problemsOf({ name: 'x'.repeat(101) })).toEqual(['name'])
    expect(problemsOf({ name: 'a\u0007b' })).toEqual(['name'])
    expect(problemsOf({ command: 'x'.repeat(40_000) })).toEqual(['command'])
    expect(problemsOf({ resultGlobs: 'x\n'.repeat(51) })).toEqual(['resultGlobs'])
    expect(problemsOf({ label: 'a\u2028b' })).toEqual(['label'])
  })

  test('times are read with their units, and a bare number as hours', () => {
    const secondsOf = (maxTime: string) => evaluateJobForm(form({ maxTime })).spec?.maxSeconds
    expect(secondsOf('2')).toBe(7_200)
    expect(secondsOf('1,5')).toBe(5_400)
    expect(secondsOf('90 min')).toBe(5_400)
    expect(secondsOf('1 h 30 min')).toBe(5_400)
    expect(evaluateJobForm(form({ estimate: '45 s' })).spec?.estimatedSeconds).toBe(45)
  })

  test('any time that can be set is shown as it is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 * 86_400 }), (seconds) => {
        expect(parseTime(timeText(seconds))).toBe(seconds * 1_000)
      }),
    )
  })

  test('editing a job without a change gives the same job', () => {
    const specs = fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/),
      command: fc.string({ minLength: 1 }).filter((text) => text.trim() !== '' && !text.includes('\0')),
      workingDirectory: fc.option(fc.stringMatching(/^\/[a-z/]{1,20}$/)),
      resultGlobs: fc.array(fc.stringMatching(/^[a-z*/.]{1,10}$/), { maxLength: 5 }),
      retries: fc.integer({ min: 0, max: 20 }),
      maxSeconds: fc.integer({ min: 1, max: 90 * 86_400 }),
      estimatedSeconds: fc.option(fc.integer({ min: 1, max: 90 * 86_400 })),
      sharesPod: fc.boolean(),
    })
    fc.assert(
      fc.property(specs, (over) => {
        const { variableNames: _names, files: _files, resultsFolder: _folder, ...spec } = jobSpec(over)
        expect(evaluateJobForm(jobFormOf(spec))).toEqual({ spec, problems: [] })
      }),
    )
  })
})
