import { parentPort, workerData } from 'node:worker_threads'
import { readPrivateKey } from './private-key'
import type { LockedKey } from './unlock-key'

/* Runs in a worker thread, once per key: see unlock-key.ts. */
const { text, passphrase } = workerData as LockedKey
parentPort?.postMessage(readPrivateKey(text, passphrase))
