import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseRecording, type Recording } from '../../../src/core/doctor/recording/recording'
import type { Provider } from '../../../src/core/pods/provider'
import { createRunpodProvider } from '../../../src/providers/runpod/provider'
import { createSimulator, FULL_KEY } from '../../../src/simulator/simulator'
import type { FakeClock } from '../base/fake-clock'

const FOLDER = 'test/fixtures/runpod'

/** The recordings in test/fixtures/runpod, by their names. */
export const recordingNames = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''))

export function readFixture(name: string): Recording {
  const read = parseRecording(readFileSync(join(FOLDER, `${name}.json`), 'utf8'))
  if (!read.ok) throw new Error(`${name}: ${read.error}`)
  return read.value
}

/** A Runpod that answers as it was recorded, by the time of `clock`, and the real provider in front of it. */
export async function replay(recording: Recording, clock: FakeClock): Promise<Provider> {
  const simulator = await createSimulator({
    seed: 1,
    pods: [],
    replay: recording,
    now: () => clock.now().wallMs,
  })
  onTestFinished(() => simulator.close())
  return createRunpodProvider({
    baseUrl: `${simulator.url}/v2`,
    hosts: 'loopback-only',
    apiKey: FULL_KEY,
    version: '0.0.0',
    now: () => clock.now(),
    random: () => 0.5,
    sleep: () => Promise.resolve(),
  })
}
