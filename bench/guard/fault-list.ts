/** A mistake that somebody could make in core: `from`, which occurs once in the file, becomes `to`. */
export interface Fault {
  readonly says: string
  /** Of `src/core`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

const fault = (file: string, says: string, from: string, to: string): Fault => ({
  file: `${file}.ts`,
  says,
  from,
  to,
})

/** Mistakes that the lives must show, each by itself. */
export const faults: readonly Fault[] = [
  fault(
    'idle/idle-episode',
    'time that nobody observed counts as idle',
    'elapsedMs(from, to) <= rules.gapMs &&',
    '',
  ),
  fault(
    'idle/sample',
    'an unknown look counts as idle',
    "if (telemetry === null) return unknown('no-telemetry')",
    "if (telemetry === null) return { kind: 'idle' }",
  ),
  fault('idle/sample', 'a pod without GPUs is never busy', 'expectedGpus === 0 &&', 'expectedGpus === -1 &&'),
  fault(
    'idle/sample',
    'a pod is busy only above the threshold, not at it',
    'gpu.utilPercent !== null && gpu.utilPercent >= rules.busyAtPercent',
    'gpu.utilPercent !== null && gpu.utilPercent > rules.busyAtPercent',
  ),
  fault(
    'idle/sample',
    'booting counts as idle',
    "if (isBooting(telemetry, rules)) return unknown('booting')",
    '',
  ),
  fault(
    'idle/activity',
    'a restart of the pod does not end its episode',
    'const before = hasRestarted ?',
    'const before = hasRestarted && false ?',
  ),
  fault(
    'idle/quiet-window',
    'memory that moves is quiet',
    'high.value - low.value < rules.stillMemoryPoints',
    'true',
  ),
  fault(
    'idle/quiet-window',
    'one core of many at work is quiet',
    'return Math.min(rules.quietCpuPercent, 50 / vcpuCount)',
    'return rules.quietCpuPercent',
  ),
  fault(
    'guard/policy',
    'idle time counts as quiet time',
    'afterMs - activity.quietForMs',
    'afterMs - activity.idleForMs',
  ),
  fault(
    'guard/policy',
    'a pod that was not ticked is taken as ticked',
    "mode === 'ticked' && tick === true",
    "mode === 'ticked' && tick !== false",
  ),
  fault(
    'guard/policy',
    'an idle alert comes four minutes late',
    'activity.idleForMs < afterMs) return []',
    'activity.idleForMs < afterMs + 240_000) return []',
  ),
  fault(
    'pod-rules/keep-on',
    'nothing is kept on',
    'return keepOn !== undefined &&',
    'return keepOn === undefined &&',
  ),
  fault(
    'guard/stop-conditions',
    'a pod may lose its data',
    "action === 'terminate' || podRules.mayLoseData === true || doesDataSurvive(pod)",
    'doesDataSurvive(pod) || true',
  ),
  fault(
    'guard/stop-conditions',
    'a pod that may be locked is taken as unlocked',
    'pod.isLocked === false,',
    'pod.isLocked !== true,',
  ),
  fault(
    'guard/stop-conditions',
    'a pod of a cluster is stopped',
    'pod.clusterId === null,',
    'pod.clusterId !== undefined,',
  ),
  fault(
    'guard/stop-conditions',
    'the kill switch is ignored',
    '!rules.arePaused,',
    'rules.arePaused !== undefined,',
  ),
  fault('guard/stop-conditions', 'a rehearsal stops', '=> !isRehearsal,', '=> isRehearsal !== undefined,'),
  fault(
    'guard/stop-conditions',
    'four automatic stops are sent in an hour',
    'stopsLastHour + 1 <= rules.stopsPerHour',
    'stopsLastHour <= rules.stopsPerHour',
  ),
  fault(
    'guard/stop-plan',
    'a warning that was not given is taken as heard',
    'from === null ? beforeMs :',
    'from === null ? 0 :',
  ),
  fault(
    'guard/stop-plan',
    'a warning that was not delivered counts',
    'mayActUnheard ? wantedAt : null',
    'mayActUnheard ? wantedAt : wantedAt',
  ),
  fault(
    'guard/stop-enforcer',
    'no fresh look comes before a stop',
    'const answer = await options.lookAt(podId)',
    'const answer = { ok: true as const, value: fleet.seenPodAt(podId, clock.now())?.pod ?? null }',
  ),
  fault(
    'guard/stop-enforcer',
    'nothing is ever stopped',
    'if (forbidden(podId, cause, null)) return',
    'return',
  ),
  fault(
    'alerts/alert-dispatcher',
    'what was told is not marked',
    'if (plan.marks !== known) marks.save(plan.marks)',
    '',
  ),
  fault(
    'alerts/alert-dispatcher',
    'a critical alert is not marked',
    'marks.save({ ...marks.load(), [name]: mark })',
    '',
  ),
  fault(
    'alerts/account-alerts',
    'a pod is told of again and again',
    'return now.idleAlertEveryMin * MINUTE_MS',
    'return 0',
  ),
  fault(
    'pods/confirmed-uptime',
    'maximum hours go by a clock that may be set',
    'return Math.min(nowMs - startedAtMs, uptimeS * SECOND_MS)',
    'return nowMs - startedAtMs',
  ),
  fault(
    'guard/policy',
    'maximum hours never come to a stop',
    'podRules.maxHours === undefined || ageMs === null ? null',
    'true ? null',
  ),
  fault(
    'guard/policy',
    'whatever leads to a stop terminates, once that was chosen for maximum hours',
    "const isChosen = cause === 'max-hours' && podRules",
    'const isChosen = podRules',
  ),
  fault(
    'guard/policy',
    'a budget is taken as spent ten minutes early',
    '/ costPerHourUsd) * HOUR_MS',
    '/ costPerHourUsd) * HOUR_MS - 10 * MINUTE_MS',
  ),
  fault(
    'guard/policy',
    'a budget never comes to a stop',
    "if (cause === 'budget') return untilSpentMs(judged, podRules, context.now)",
    "if (cause === 'budget') return null",
  ),
  fault(
    'money/confirmed-spend',
    'twice what a pod surely cost is held to be certain',
    'seen += min',
    'seen += 2 * min',
  ),
  fault(
    'money/confirmed-spend',
    'money that a clock set ahead has made counts as certain',
    'const doubtfulMs = Math.max(0, last',
    'const doubtfulMs = Math.min(0, last',
  ),
  fault(
    'money/confirmed-spend',
    'the budget of a month goes by the money of the one before, for a day',
    'ledger.book(monthOf(nowMs))',
    'ledger.book(monthOf(nowMs - 86_400_000))',
  ),
  fault(
    'alerts/account-alerts',
    'quiet hours are not kept',
    'isQuietTime: isInQuietHours(nowMs, now),',
    'isQuietTime: isInQuietHours(nowMs, now) && false,',
  ),
  fault(
    'alerts/alert-plan',
    'a pause of alerts is not kept',
    "if (rules.arePaused && isAnswer !== true) return 'pause'",
    '',
  ),
  fault(
    'alerts/alert-plan',
    'what is critical waits for the end of quiet hours',
    'if (isCritical) return null',
    'if (isCritical && !rules.isQuietTime) return null',
  ),
  fault(
    'alerts/alert-plan',
    'what quiet hours held back is dropped',
    "by === 'missed' ? 'dropped' : 'held'",
    "by === 'missed' || by === 'quiet-hours' ? 'dropped' : 'held'",
  ),
  fault(
    'intents/intent-runner',
    'what was undone is sent',
    `timers.get(intentId)?.()
      timers.delete(intentId)
      const written = keep(undone)`,
    'const written = ok(undone)',
  ),
  fault(
    'intents/intent',
    'what a death took back is sent by the next run',
    'if (intent.sentAt === null)',
    'if (intent.sentAt === undefined)',
  ),
  fault(
    'intents/intent',
    'the seconds of undo are one too few',
    'waitMs: hasUndo ? rules.undoMs : 0',
    'waitMs: hasUndo ? rules.undoMs - 1_000 : 0',
  ),
  fault(
    'intents/intent-runner',
    'what a person asked for is forgotten',
    'if (begun.ok) arm(begun.value)',
    '',
  ),
  fault(
    'intents/intent',
    'nothing can be undone',
    "if (isUnsent(intent)) return moveTo(intent, 'cancelled', now, null)",
    '',
  ),
]
