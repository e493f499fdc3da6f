/** A mistake that somebody could make in core: `from`, which occurs once in the file, is replaced by `to`. */
export interface Mutation {
  readonly description: string
  /** Relative to `src/core`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

const mutation = (file: string, description: string, from: string, to: string): Mutation => ({
  file: `${file}.ts`,
  description,
  from,
  to,
})

/** Mistakes that the simulations must detect, each on its own. */
export const mutations: readonly Mutation[] = [
  mutation(
    'idle/idle-episode',
    'time that nobody observed counts as idle',
    'elapsedMs(from, to) <= rules.gapMs &&',
    '',
  ),
  mutation(
    'idle/sample',
    'an unknown look counts as idle',
    "if (telemetry === null) return unknown('no-telemetry')",
    "if (telemetry === null) return { kind: 'idle' }",
  ),
  mutation(
    'idle/sample',
    'a pod without GPUs is never busy',
    'expectedGpus === 0 &&',
    'expectedGpus === -1 &&',
  ),
  mutation(
    'idle/sample',
    'a pod is busy only above the threshold, not at it',
    'gpu.utilPercent !== null && gpu.utilPercent >= rules.busyAtPercent',
    'gpu.utilPercent !== null && gpu.utilPercent > rules.busyAtPercent',
  ),
  mutation(
    'idle/sample',
    'booting counts as idle',
    "if (isBooting(telemetry, rules)) return unknown('booting')",
    '',
  ),
  mutation(
    'idle/activity',
    'a restart of the pod does not end its episode',
    'const before = hasRestarted ?',
    'const before = hasRestarted && false ?',
  ),
  mutation(
    'idle/quiet-window',
    'memory that moves is quiet',
    'high.value - low.value < rules.stillMemoryPoints',
    'true',
  ),
  mutation(
    'idle/quiet-window',
    'one core of many at work is quiet',
    'return Math.min(rules.quietCpuPercent, 50 / vcpuCount)',
    'return rules.quietCpuPercent',
  ),
  mutation(
    'guard/policy',
    'idle time counts as quiet time',
    'afterMs - activity.quietForMs',
    'afterMs - activity.idleForMs',
  ),
  mutation(
    'guard/policy',
    'a pod that was not ticked is taken as ticked',
    "mode === 'ticked' && override === true",
    "mode === 'ticked' && override !== false",
  ),
  mutation(
    'guard/policy',
    'an idle alert comes four minutes late',
    'activity.idleForMs < afterMs) return []',
    'activity.idleForMs < afterMs + 240_000) return []',
  ),
  mutation(
    'pod-rules/keep-on',
    'nothing is kept on',
    'return keepOn !== undefined &&',
    'return keepOn === undefined &&',
  ),
  mutation(
    'guard/stop-conditions',
    'a pod may lose its data',
    "action === 'terminate' || podRules.mayLoseData === true || doesDataSurvive(pod)",
    'doesDataSurvive(pod) || true',
  ),
  mutation(
    'guard/stop-conditions',
    'a pod that may be locked is taken as unlocked',
    'pod.isLocked === false,',
    'pod.isLocked !== true,',
  ),
  mutation(
    'guard/stop-conditions',
    'a pod of a cluster is stopped',
    'pod.clusterId === null,',
    'pod.clusterId !== undefined,',
  ),
  mutation(
    'guard/stop-conditions',
    'the kill switch is ignored',
    '!rules.arePaused,',
    'rules.arePaused !== undefined,',
  ),
  mutation('guard/stop-conditions', 'a rehearsal stops', '=> !isDryRun,', '=> isDryRun !== undefined,'),
  mutation(
    'guard/stop-conditions',
    'four automatic stops are sent in an hour',
    'stopsLastHour + 1 <= rules.stopsPerHour',
    'stopsLastHour <= rules.stopsPerHour',
  ),
  mutation(
    'guard/stop-plan',
    'a warning that was not given is taken as heard',
    'from === null ? beforeMs :',
    'from === null ? 0 :',
  ),
  mutation(
    'guard/stop-plan',
    'a warning that was not delivered counts',
    'mayActUndelivered ? requestedAt : null',
    'mayActUndelivered ? requestedAt : requestedAt',
  ),
  mutation(
    'guard/stop-executor',
    'no fresh look comes before a stop',
    'const polled = await options.pollPod(podId)',
    'const polled = { ok: true as const, value: fleet.observedPodAt(podId, clock.now())?.pod ?? null }',
  ),
  mutation(
    'guard/stop-executor',
    'nothing is ever stopped',
    'if (blockIfUnmet(podId, cause, null)) return',
    'return',
  ),
  mutation(
    'alerts/alert-dispatcher',
    'what was told is not marked',
    'if (plan.alertHistory !== known) alertHistory.save(plan.alertHistory)',
    '',
  ),
  mutation(
    'alerts/alert-dispatcher',
    'a critical alert is not marked',
    'alertHistory.save({ ...alertHistory.load(), [name]: delivered })',
    '',
  ),
  mutation(
    'alerts/account-alerts',
    'a pod is told of again and again',
    'return current.idleAlertEveryMin * MINUTE_MS',
    'return 0',
  ),
  mutation(
    'pods/confirmed-uptime',
    'maximum hours go by a clock that may be set',
    'return Math.min(nowMs - startedAtMs, uptimeS * SECOND_MS)',
    'return nowMs - startedAtMs',
  ),
  mutation(
    'guard/policy',
    'maximum hours never come to a stop',
    'podRules.maxHours === undefined || uptimeMs === null',
    'true',
  ),
  mutation(
    'guard/policy',
    'whatever leads to a stop terminates, once that was chosen for maximum hours',
    "const isChosen = cause === 'max-hours' && podRules",
    'const isChosen = podRules',
  ),
  mutation(
    'guard/policy',
    'a budget is taken as spent ten minutes early',
    '/ costPerHourUsd) * HOUR_MS',
    '/ costPerHourUsd) * HOUR_MS - 10 * MINUTE_MS',
  ),
  mutation(
    'guard/policy',
    'a budget never comes to a stop',
    "if (cause === 'budget') return timeUntilBudgetSpentMs(policyPod, podRules, context.now)",
    "if (cause === 'budget') return null",
  ),
  mutation(
    'money/confirmed-spend',
    'twice what a pod surely cost is held to be certain',
    'observed += min',
    'observed += 2 * min',
  ),
  mutation(
    'money/confirmed-spend',
    'money that a clock set ahead has made counts as certain',
    'const unconfirmedMs = Math.max(0, last',
    'const unconfirmedMs = Math.min(0, last',
  ),
  mutation(
    'money/confirmed-spend',
    'the budget of a month goes by the money of the one before, for a day',
    'ledger.book(monthOf(nowMs))',
    'ledger.book(monthOf(nowMs - 86_400_000))',
  ),
  mutation(
    'alerts/account-alerts',
    'quiet hours are not kept',
    'isQuietHours: isInQuietHours(nowMs, current),',
    'isQuietHours: isInQuietHours(nowMs, current) && false,',
  ),
  mutation(
    'alerts/alert-plan',
    'a pause of alerts is not kept',
    "if (rules.arePaused && isResponseToUser !== true) return 'pause'",
    '',
  ),
  mutation(
    'alerts/alert-plan',
    'what is critical waits for the end of quiet hours',
    'if (isCritical) return null',
    'if (isCritical && !rules.isQuietTime) return null',
  ),
  mutation(
    'alerts/alert-plan',
    'what quiet hours held back is dropped',
    "reason === 'missed' ? 'dropped' : 'held'",
    "reason === 'missed' || reason === 'quiet-hours' ? 'dropped' : 'held'",
  ),
  mutation(
    'intents/intent-runner',
    'what was undone is sent',
    `timers.get(intentId)?.()
      timers.delete(intentId)
      const written = save(undone)`,
    'const written = ok(undone)',
  ),
  mutation(
    'intents/intent',
    'what a death took back is sent by the next run',
    'if (intent.sentAt === null)',
    'if (intent.sentAt === undefined)',
  ),
  mutation(
    'intents/intent',
    'the seconds of undo are one too few',
    'waitMs: hasUndo ? rules.undoMs : 0',
    'waitMs: hasUndo ? rules.undoMs - 1_000 : 0',
  ),
  mutation(
    'intents/intent-runner',
    'what a person asked for is forgotten',
    'if (created.ok) scheduleSend(created.value)',
    '',
  ),
  mutation(
    'intents/intent',
    'nothing can be undone',
    "if (isUnsent(intent)) return toPhase(intent, 'cancelled', now, null)",
    '',
  ),
]
