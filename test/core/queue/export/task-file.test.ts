import { expect, test } from 'vitest'
import { dstackTask } from '../../../../src/core/queue/export/dstack-task'
import { engineGpuName } from '../../../../src/core/queue/export/gpu-names'
import { skypilotTask } from '../../../../src/core/queue/export/skypilot-task'
import { commandScript, type ExportedJob, taskName } from '../../../../src/core/queue/export/task-file'
import { jobSpec } from '../../../harness/samples/job-spec'

const job: ExportedJob = {
  spec: jobSpec({
    name: 'SFT run 3',
    command: 'python train.py',
    workingDirectory: '/workspace/my code',
    variableNames: ['HF_TOKEN'],
    files: [{ name: 'data.csv', path: '/home/ann/data.csv' }],
    resultGlobs: ['out/*.pt'],
    maxSeconds: 7_200,
    retries: 2,
    priority: 'high',
  }),
  dependsOn: ['prepare'],
  pod: {
    image: 'example/sft:1',
    gpuTypeIds: ['NVIDIA H100 80GB HBM3', 'NVIDIA A100-SXM4-80GB'],
    gpuCount: 4,
    maxPerHourUsd: 12.5,
  },
}

test('a job is a task of SkyPilot', () => {
  const { task, notes } = skypilotTask(job)
  expect(task).toEqual({
    name: 'sft-run-3',
    resources: {
      infra: 'runpod',
      accelerators: ['H100-SXM:4', 'A100-80GB-SXM:4'],
      image_id: 'docker:example/sft:1',
      max_hourly_cost: 12.5,
      job_recovery: { max_restarts_on_errors: 2 },
    },
    secrets: { HF_TOKEN: null },
    file_mounts: { '~/podkeeper-job/data.csv': '/home/ann/data.csv' },
    run: `export PODKEEPER_JOB_DIRECTORY="$HOME/podkeeper-job"
cd '/workspace/my code'
timeout 7200 bash -c "$(cat <<'PODKEEPER_COMMAND'
python train.py
PODKEEPER_COMMAND
)"
`,
  })
  expect(notes.join('\n')).toMatch(/--secret HF_TOKEN[^]*out\/\*\.pt[^]*prepare/)
})

test('a job is a task of dstack', () => {
  const { task, notes } = dstackTask(job)
  expect(task).toEqual({
    type: 'task',
    name: 'sft-run-3',
    backends: ['runpod'],
    image: 'example/sft:1',
    shell: 'bash',
    env: ['HF_TOKEN', 'PODKEEPER_JOB_DIRECTORY=/root/podkeeper-job'],
    files: [{ local_path: '/home/ann/data.csv', path: '/root/podkeeper-job/data.csv' }],
    commands: ["cd '/workspace/my code'\npython train.py\n"],
    resources: { gpu: { name: ['H100', 'A100'], count: 4 } },
    max_price: 12.5,
    max_duration: '7200s',
    retry: { on_events: ['error', 'interruption'], duration: '1d' },
    priority: 75,
  })
  expect(notes.join('\n')).toMatch(/cheapest[^]*3 times/)
})

test('a job without a preset says what is not known, and rents nothing by accident', () => {
  const bare = { spec: jobSpec(), dependsOn: [], pod: null }
  expect(skypilotTask(bare).task['resources']).toEqual({ infra: 'runpod', accelerators: 'CHOOSE-A-GPU:1' })
  expect(skypilotTask(bare).notes.join(' ')).toMatch(/CHOOSE-A-GPU.*No image is known.*No price limit/)
  expect(dstackTask(bare).task['resources']).toEqual({ gpu: { count: 1 } })
  const typed = { ...bare, spec: jobSpec({ needs: { ...jobSpec().needs, gpuType: 'H100' } }) }
  expect(skypilotTask(typed).task['resources']).toMatchObject({
    accelerators: ['H100-SXM:1', 'H100:1', 'H100-NVL:1'],
  })
  const cpu = { ...bare, spec: jobSpec({ needs: { ...jobSpec().needs, gpuCount: 0 } }) }
  expect(skypilotTask(cpu).task['resources']).toEqual({ infra: 'runpod' })
  expect(dstackTask(cpu).task['resources']).toEqual({ gpu: 0 })
})

test('a script keeps its interpreter, and no text in it ends it early', () => {
  const script = '#!/usr/bin/env python3\nprint("PODKEEPER_COMMAND")\n'
  expect(commandScript(jobSpec({ command: script }), 60))
    .toBe(`cat > /tmp/podkeeper-command <<'PODKEEPER_COMMAND_'
#!/usr/bin/env python3
print("PODKEEPER_COMMAND")
PODKEEPER_COMMAND_
chmod +x /tmp/podkeeper-command
timeout 60 /tmp/podkeeper-command
`)
  expect(commandScript(jobSpec({ command: 'ls', workingDirectory: '~/a b' }), null)).toBe("cd ~/'a b'\nls\n")
})

test.each([
  ['NVIDIA GeForce RTX 4090', 'RTX4090', 'RTX4090'],
  ['NVIDIA RTX A6000', 'RTXA6000', 'A6000'],
  ['NVIDIA RTX 6000 Ada Generation', 'RTX6000-Ada', 'RTX6000Ada'],
  ['NVIDIA H100 PCIe', 'H100', 'H100'],
  ['NVIDIA H100 NVL', 'H100-NVL', 'H100NVL'],
  ['NVIDIA H200', 'H200-SXM', 'H200'],
  ['NVIDIA A100 80GB PCIe', 'A100-80GB', 'A100'],
  ['NVIDIA L40S', 'L40S', 'L40S'],
  ['AMD Instinct MI300X OAM', 'MI300X', 'MI300X'],
])('%s is %s for SkyPilot and %s for dstack', (id, skypilot, dstack) => {
  expect([engineGpuName(id, 'skypilot'), engineGpuName(id, 'dstack')]).toEqual([skypilot, dstack])
})

test.each([
  ['Train 1', 'train-1'],
  ['3d', 'job-d'],
  ['日本', 'job-x'],
  ['a'.repeat(60), 'a'.repeat(40)],
])('the name %s is %s', (name, wanted) => {
  expect(taskName(name)).toBe(wanted)
  expect(taskName(name)).toMatch(/^[a-z][a-z0-9-]{1,40}$/)
})
