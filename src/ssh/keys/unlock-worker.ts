import { parentPort, workerData } from 'node:worker_threads'
import { readPrivateKey } from './private-key'
import type { LockedKey } from './unlock-key'

/* A thread of its own, for one key: see unlock-key.ts. */
const { text, passphrase } = workerData as LockedKey
parentPort?.postMessage(readPrivateKey(text, passphrase))
