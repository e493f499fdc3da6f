import type { ElectronApplication, Page } from 'playwright-core'
import type { PodProgress } from '../../../../src/core/logs/pod-progress'
import type { PodDetails } from '../../../../src/shared/requests/pod/pod-page-requests'
import type { LogUpdate } from '../../../../src/shared/requests/pod/log-requests'
import { MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { NOW_MS } from '../../samples/pod-views'

const details: PodDetails = {
  vcpuCount: 24,
  cloud: 'SECURE',
  containerDiskGb: 40,
  persistentMount: { sizeGb: 100, path: '/workspace' },
  networkMounts: [],
  areMountsKnown: true,
  sshCommand: 'ssh -p 11827 root@213.173.98.14',
  sshConfig: 'Host mcmc-planck',
  image: 'runpod/pytorch:2.8',
  ports: ['8888/http', '22/tcp'],
}

const texts = [
  'start container for runpod/pytorch:2.8: begin',
  'Loading checkpoint shards: 100% 4/4',
  'step 1200 loss 1.8421 lr 2.9e-05',
  'step 1210 loss 1.8377 lr 2.9e-05',
  'Warning: the tokenizer has new special tokens',
]
const update: LogUpdate = {
  viewId: 1,
  lines: Array.from({ length: 40 }, (_, index) => ({
    id: `${index}-0`,
    source: index === 0 ? 'system' : 'container',
    atMs: NOW_MS - (40 - index) * SECOND_MS,
    text: texts[index === 0 ? 0 : 1 + (index % 4)] ?? '',
  })),
  leftOutCount: 0,
  state: { kind: 'live', areSecretsHidden: true },
}

/**
 * Makes the app respond with the use, the details and the log of a pod: it is off, boots, works with a gap, and has
 * been idle for 54 min at `NOW_MS`. Others have no history.
 */
export async function servePodPage(app: ElectronApplication): Promise<void> {
  await app.evaluate(
    ({ ipcMain }, { nowMs, details, minuteMs }) => {
      const serve = (name: string, answer: (...args: never[]) => unknown): void => {
        ipcMain.removeHandler(`podkeeper:request:${name}`)
        ipcMain.handle(`podkeeper:request:${name}`, (_event, ...args) => ({
          ok: true,
          value: answer(...(args as never[])),
        }))
      }
      serve('podDetails', () => details)
      serve('openLog', () => 1)
      serve('closeLog', () => undefined)
      serve('ackLog', () => undefined)
      serve('podUsage', (podKey: string, fromMs: number, toMs: number, detail: string) => {
        const startMs = Math.max(fromMs, nowMs - 330 * minuteMs)
        const length = podKey === 'account/watched' ? 2_000 : 0
        const times = Array.from({ length }, (_, index) => startMs + index * 15_000).filter(
          (ms) => ms < Math.min(toMs, nowMs) && !(ms > nowMs - 150 * minuteMs && ms < nowMs - 120 * minuteMs),
        )
        const agoMin = (ms: number): number => (nowMs - ms) / minuteMs
        const noise = (ms: number): number => ((ms / 15_000) * 7_919) % 11
        const column = (idle: number, busy: number, spread: number): Float32Array =>
          Float32Array.from(times, (ms) =>
            agoMin(ms) > 300
              ? Number.NaN
              : agoMin(ms) < 54
                ? idle + (noise(ms) > 8 ? 1 : 0)
                : busy + noise(ms) * spread,
          )
        const range = (values: Float32Array) => ({ min: values, mean: values, max: values })
        return {
          detail,
          fromMs,
          toMs,
          atMs: Float64Array.from(times),
          states: Uint8Array.from(times, (ms) => (agoMin(ms) > 300 ? 3 : agoMin(ms) < 54 ? 2 : 1)),
          newRuns: Uint8Array.from(times, (ms, index) =>
            agoMin(ms) <= 300 && agoMin(times[index - 1] ?? ms) > 300 ? 1 : 0,
          ),
          figures: {
            gpu: range(column(0, 82, 1.2)),
            gpuMemory: range(column(41, 55, 0.1)),
            cpu: range(column(1, 18, 1)),
            memory: range(column(12, 14, 0.2)),
          },
          gpus: [],
        }
      })
    },
    { nowMs: NOW_MS, details, minuteMs: MINUTE_MS },
  )
}

/** Sends the lines of the log to a page that has opened it. */
export async function sendLog(app: ElectronApplication, page: Page): Promise<void> {
  const window = await app.browserWindow(page)
  await window.evaluate(
    (one, update) => (one as Electron.BrowserWindow).webContents.send('podkeeper:event:log', update),
    update,
  )
}

/** A pod whose image is being pulled. */
export const pulling: PodProgress = {
  steps: { machine: 'done', image: 'now', container: 'next', ssh: 'next' },
  pull: { percent: 42, pulledLayers: 2, layers: 5 },
  problem: null,
  lines: [],
  logProblem: null,
}
