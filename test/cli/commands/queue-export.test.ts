import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { jobRecord } from '../../../src/core/queue/jobs/job-codec'
import { newJob } from '../../../src/core/queue/jobs/job-phase'
import { journalLine } from '../../../src/node/data-folder/journal/journal-line'
import { noKey } from '../../harness/cli/accounts'
import { newDataFolder, runCli } from '../../harness/cli/cli'
import { jobSpec } from '../../harness/samples/job-spec'
import { instant } from '../../harness/samples/pods'

test('waiting jobs become files of another engine, whole and never in place of a file, and stay in the queue', async () => {
  const folder = newDataFolder()
  const to = mkdtempSync(join(tmpdir(), 'podkeeper-tasks-'))
  const script = `${'# a long script\n'.repeat(1_500)}python train.py`
  const given = { place: 1, isFromCommandLine: false, isHeld: false }
  const jobs = [
    newJob({ ...given, id: 'job-aaaa', spec: jobSpec({ name: 'Train', command: script }) }, instant(0)),
    newJob(
      { ...given, id: 'job-bbbb', spec: jobSpec({ name: 'train', dependsOn: ['job-aaaa'] }) },
      instant(0),
    ),
    {
      ...newJob({ ...given, id: 'job-cccc', spec: jobSpec({ name: 'old' }) }, instant(0)),
      phase: 'passed' as const,
    },
  ]
  const queue = jobs.map((job) => journalLine(jobRecord(job))).join('')
  writeFileSync(join(folder, 'queue.jsonl'), queue)
  const run = (...args: string[]) =>
    runCli({ args: ['queue', 'export', ...args, '--to', to], dataFolder: folder, env: noKey })
  expect(await run('--format', 'dstack')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/train\.dstack\.yml[^]*train-job-bbbb\.dstack\.yml/) as string,
  })
  const first = readFileSync(join(to, 'train.dstack.yml'), 'utf8')
  expect(parse(first).commands).toEqual([`${script}\n`])
  expect(first).toContain('# - No image is known')
  expect(readFileSync(join(to, 'train-job-bbbb.dstack.yml'), 'utf8')).toContain(
    'It needs Train to have passed',
  )
  expect(await run('--format', 'dstack')).toMatchObject({ code: 1, stdout: '' })
  expect(await run('old', '--format', 'skypilot')).toMatchObject({ code: 0 })
  expect(parse(readFileSync(join(to, 'old.sky.yaml'), 'utf8'))).toMatchObject({ name: 'old' })
  expect(readFileSync(join(folder, 'queue.jsonl'), 'utf8')).toBe(queue)
  expect(await run('nothing', '--format', 'dstack')).toMatchObject({ code: 5 })
  expect(await run('--format', 'slurm')).toMatchObject({ code: 2 })
})
