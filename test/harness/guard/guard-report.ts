import type { Computer, GuardComputer } from '../../../src/core/pod-guard/guard-computers'
import type { GuardReport, GuardStatus } from '../../../src/core/pod-guard/guard-report'
import { GUARD_VERSION } from '../../../src/core/pod-guard/guard-script'

/** The computers that look after a pod. */
export const laptop: Computer = { id: '00000000000000aa', name: 'laptop' }
export const server: Computer = { id: '00000000000000bb', name: 'lab-server' }

/** What a computer set: nothing, but for `more`. */
export const setBy = (computer: Computer, more: Partial<GuardComputer> = {}): GuardComputer => ({
  ...computer,
  idleLimitS: 21_600,
  mayStop: true,
  isPostStarted: false,
  deadlineS: null,
  keptUntilS: null,
  leaseUntilS: null,
  isUnreadable: false,
  ...more,
})

/** Of a guard that is armed and saw the pod idle for 12 min, 10 s ago. */
export const guardStatus = (more: Partial<GuardStatus> = {}): GuardStatus => ({
  version: GUARD_VERSION,
  run: 'boot:1',
  beatS: 1_000,
  idleS: 720,
  idleLimitS: 21_600,
  seen: 'rest',
  why: null,
  isArmed: true,
  answer: '200',
  hold: null,
  cause: 'idle',
  by: null,
  stopAtS: null,
  deadlineS: null,
  keptUntilS: null,
  leaseUntilS: null,
  stopping: null,
  ...more,
})

export const guardReport = (more: Partial<GuardReport> = {}): GuardReport => ({
  nowS: 1_010,
  run: 'boot:1',
  isAlive: true,
  postStart: 'none',
  computers: [],
  settings: null,
  status: guardStatus(),
  previous: null,
  ...more,
})
