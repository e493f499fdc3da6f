#!/bin/sh
# Podkeeper's guard in this pod: stops the pod once it was idle for long enough or is past its deadline, while no
# Podkeeper looks after it. It never terminates a pod. What it can't read is unknown, never idle.
#
#   sh guard.sh           watches, until the file `owner` names another process or is removed
#   sh guard.sh keep 2h   keeps the pod running (45m, 2h, 1d, forever, off)
#
# Each computer writes files of its own beside it, which end with its id: settings, deadline, keep, lease, look, name,
# start. What stops the pod is the shortest idle limit and the earliest deadline of those without a lease, and any keep
# holds it. `keep` alone is what was asked for in the pod. used, stop-now and check are for all. The guard writes owner
# (its process), status, counted and warning.
# Times are seconds since the machine started, so that no clock that is set changes them, and count only for the run
# of the container that stands before them.

version=4
api=https://api.runpod.io/v2
every=60            # s between two readings
gap=300             # s without a reading that end an idle time
first=1800          # s from the first warning to the stop
last=300            # s from the last warning to the stop
retry=300           # s until a request is tried again
recent=1800         # s that a terminal counts as used after input
most=32             # computers that may have files here
cpu_limit=10        # percent of one core, all processes together
byte_limit=1000000  # bytes per second
# Runpod's proxy answers some programs' own names with 403.
agent=Podkeeper-guard/$version

unset CDPATH TIME_STYLE key
umask 077
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
LC_ALL=C
export PATH LC_ALL
proc=${PODKEEPER_TEST_ROOT-}/proc
dev=${PODKEEPER_TEST_ROOT-}/dev
case $0 in */*) dir=${0%/*} ;; *) dir=. ;; esac
dir=$(cd "$dir" && pwd -P) || exit 1
close=')'
lf='
'
skipped=0

# Not one that begins with 0, which a shell reads as octal.
is_number() {
  case $1 in '' | *[!0-9]* | 0?* | ????????????????*) return 1 ;; esac
}

# Reads process $1: its state, parent, CPU time in 1/100 s, start, and pages of memory.
inspect() {
  line=
  { while IFS= read -r part || [ -n "$part" ]; do line=$line$part; done <"$proc/$1/stat"; } 2>/dev/null
  # shellcheck disable=SC2086 # into fields
  set -- ${line##*"$close"}
  if [ $# -lt 22 ]; then return 1; fi
  state=$1 parent=$2 ticks=$((${12} + ${13} + ${14} + ${15})) began=${20} pages=${22}
}

is_alive() {
  [ -n "$1" ] && inspect "$1" && [ "$began" = "$2" ] && [ "$state" != Z ] && [ "$state" != X ]
}

# $run: the boot of the machine and the start of the container.
find_run() {
  boot=-
  { read -r boot <"$proc/sys/kernel/random/boot_id"; } 2>/dev/null
  inspect 1 && run=$boot:$began
}

# $now: time since the start, of which a jump by more than the gap does not count.
read_clock() {
  { read -r up rest <"$proc/uptime"; } 2>/dev/null || return 1
  up=${up%%.*}
  is_number "$up" || return 1
  passed=$((up - ${read_up:-$up}))
  read_up=$up
  if [ "$passed" -lt 0 ]; then begin; fi
  if [ "$passed" -gt "$gap" ]; then skipped=$((skipped + passed - gap)) idle=0 rest_at=; fi
  now=$((up - skipped))
}

# $until and $extra: of a file "RUN UNTIL EXTRA"; empty: there is none for this run. Fails if it can't be read.
read_time() {
  until='' of='' extra=''
  [ -e "$dir/$1" ] || return 0
  { read -r of until extra rest <"$dir/$1"; } 2>/dev/null
  is_number "$until" || return 1
  [ "$of" = "$run" ] || until=
}

# $ids: the computers that have a file $1 here. More than there may be were written by no Podkeeper.
list() {
  ids='' count=0
  for each in "$dir/$1".*; do
    id=${each#"$dir/$1."}
    case $id in '' | *[!0-9a-z]* | ?????????????????*) continue ;; esac
    count=$((count + 1)) ids="$ids $id"
  done
  [ "$count" -le "$most" ]
}

# Writes the text $2 as file $1 of folder $3, whole or not at all.
save() {
  { printf '%s\n' "$2" >"$3/$1.new" && mv -f "$3/$1.new" "$3/$1"; } 2>/dev/null
}

# The same beside this script. On a full disk it takes the place of what is there.
save_here() {
  save "$1" "$2" "$dir" || { [ -s "$dir/$1" ] && printf '%s\n' "$2" 1<>"$dir/$1"; } 2>/dev/null
}

keep() {
  count=${1%?}
  case $1 in
    off) count=0 unit=1 ;;
    forever) count=99999 unit=86400 ;;
    *m) unit=60 ;;
    *h) unit=3600 ;;
    *d) unit=86400 ;;
    *) count='' ;;
  esac
  if ! is_number "$count" || [ "$count" -gt 99999 ]; then
    echo 'Usage: podkeeper-keep 2h (or 45m, 1d, forever, off)'
    exit 2
  fi
  seconds=$((count * unit))
  if ! { find_run && read_clock; }; then echo 'failed There is no /proc.'; exit 1; fi
  read_time keep || until=''
  if [ "$seconds" -gt 0 ] && [ "${until:-0}" -gt $((up + seconds)) ]; then
    echo 'Already kept running for longer. To end that: podkeeper-keep off'
  elif ! save_here keep "$run $((up + seconds)) $seconds"; then
    echo 'failed That could not be saved.'
    exit 1
  elif [ "$seconds" -gt 0 ]; then echo "Kept running: $1"
  else
    echo 'No longer kept running.'
    list keep || :
    for id in $ids; do
      if read_time "keep.$id" && [ "${until:-0}" -gt "$up" ]; then
        echo 'A computer with Podkeeper still keeps it running.'
        break
      fi
    done
  fi
}

# What was to be kept running in an earlier run, by file $1, goes on for what was left of it, as far as that is known.
carry_keep() {
  if ! read_time "$1" || [ -n "$until" ] || [ -z "$of" ] || ! is_number "$extra"; then return; fi
  { read -r of until extra rest <"$dir/$1"; } 2>/dev/null
  remaining=$extra
  if [ "${of%:*}" = "$boot" ]; then remaining=$((until - up))
  elif grep -qxF "run $of" "$dir/previous" 2>/dev/null; then
    beat=$(sed -n 's/^beat //p' "$dir/previous")
    if is_number "$beat"; then remaining=$((until - beat)); fi
  fi
  if [ "$remaining" -gt "$extra" ]; then remaining=$extra; fi
  if [ "$remaining" -lt 0 ]; then remaining=0; fi
  save_here "$1" "$run $((up + remaining)) $remaining"
}

# --- What happens in the pod: $seen is `busy`, `unknown` or `rest`, and $why says why -------------------------------

busy() {
  seen=busy why=$1
}

unknown() {
  if [ "$seen" = rest ]; then seen=unknown why=$1; fi
}

# nvidia-smi may hang, so each question runs until the next reading and marks its answer as whole.
ask_gpus() {
  question=$((question + 1))
  {
    nvidia-smi --query-gpu=utilization.gpu,memory.used,memory.total --format=csv,noheader,nounits &&
      echo "end $question"
  } >"$scratch/gpu" 2>/dev/null &
  asked=$!
}

look_at_gpus() {
  gpu_count=0 gpu_busiest=- gpu_memory='' whole=''
  if [ "$gpus" -eq 0 ]; then return; fi
  {
    while IFS=', ' read -r used filled size rest; do
      if [ "$used" = end ]; then whole=$filled; break; fi
      if ! { is_number "$used" && is_number "$filled" && is_number "$size" && [ "$size" -gt 0 ]; }; then break; fi
      gpu_count=$((gpu_count + 1)) gpu_memory="$gpu_memory $((filled * 1000 / size))"
      if [ "$gpu_busiest" = - ] || [ "$used" -gt "$gpu_busiest" ]; then gpu_busiest=$used; fi
    done <"$scratch/gpu"
  } 2>/dev/null
  if [ "$whole" != "$question" ] || [ "$gpu_count" -lt "$gpus" ]; then
    unknown 'the GPUs'
    gpu_busiest=- gpu_memory=''
  elif [ "$gpu_busiest" -ge "$gpu_limit" ]; then busy "a GPU at $gpu_busiest%"; fi
  if [ "$whole" = "$question" ] || ! kill -0 "${asked:-x}" 2>/dev/null; then ask_gpus; fi
}

# A terminal was used if it is new or its time of access changed. Those of Podkeepers' own looks do not count. A file
# `look` names one only after it was opened, so that the next reading tells whose a new one is.
look_at_terminals() {
  found=$(ls -lnu "$dev/pts/" 2>/dev/null) || { unknown 'the terminals'; return; }
  own=' - '
  list look || :
  for each in $ids; do
    if read_time "look.$each" && [ "${until:-0}" -gt $((up - 130)) ]; then own="$own$extra "; fi
  done
  for each in $opened; do
    case $own in *" $each "*) ;; *) input_at=$now ;; esac
  done
  opened='' listed=$lf
  set -f
  IFS=$lf
  for each in $found; do
    unset IFS
    # shellcheck disable=SC2086 # into fields, of which the last four are month, day, time and name
    set -- $each
    if [ $# -lt 8 ]; then continue; fi
    shift $(($# - 4))
    case $4 in *[!0-9]*) continue ;; esac
    case $own in *" $4 "*) continue ;; esac
    case $terminals in *"$lf$*$lf"*) ;; *" $4$lf"*) input_at=$now ;; *) opened="$opened $4" ;; esac
    listed=$listed$*$lf
  done
  unset IFS
  set +f
  terminals=$listed
  if [ -n "$opened" ]; then unknown 'a new terminal'; fi
  if [ -n "$input_at" ] && [ $((now - input_at)) -lt "$recent" ]; then busy 'a terminal'; fi
}

# Use that a Podkeeper saw and nothing here shows, as through a port. No idle time is longer than since then.
look_at_use() {
  read_time used || { unknown 'the last use'; return; }
  if [ -n "$until" ] && [ "$until" != "$used_up" ] && [ "$until" -le "$up" ]; then
    used_up=$until used_at=$((until - skipped))
    if [ "$idle" -gt $((now - used_at)) ]; then idle=$((now - used_at)); fi
  fi
  if [ -n "$used_at" ] && [ $((now - used_at)) -lt "$recent" ]; then busy 'use through Podkeeper'; fi
}

look_at_jobs() {
  IFS=$lf
  for folder in $jobs; do
    unset IFS
    for each in "$folder"/*/pid; do
      if ! [ -e "$each" ] || [ -e "${each%pid}exit_code" ]; then continue; fi
      of='' job=''
      { read -r pid pid_began of rest && read -r job job_began; } 2>/dev/null <"$each"
      if [ -z "$of" ]; then unknown 'a job'
      elif [ "$of" != "$run" ]; then continue
      elif is_alive "$pid" "$pid_began" || is_alive "$job" "$job_began"; then busy 'a job'; fi
    done
  done
  unset IFS
}

# Sums up CPU, bytes and memory of all other processes. Where bytes can't be read, the CPU must not have been used.
look_at_processes() {
  cpu=0 bytes=0 memory=0 hidden=''
  if ! inspect 1; then unknown 'the processes'; fi
  for each in "$proc"/[0-9]*; do
    pid=${each##*/}
    if [ "$pid" = "$$" ]; then continue; fi
    if ! inspect "$pid"; then
      if [ -d "$each" ]; then unknown 'a process'; fi
      continue
    fi
    if [ "$parent" = "$$" ]; then continue; fi
    cpu=$((cpu + ticks)) memory=$((memory + pages)) known=''
    {
      while read -r name value; do
        case $name in rchar: | wchar: | read_bytes: | write_bytes:) bytes=$((bytes + value)) known=1 ;; esac
      done <"$each/io"
    } 2>/dev/null
    if [ -z "$known" ]; then hidden="$hidden $pid:$began:$ticks"; fi
  done
}

look_at_network() {
  network=''
  {
    while read -r name rest; do
      case $name in *:*) ;; *) continue ;; esac
      name="$name $rest"
      # shellcheck disable=SC2086 # into fields
      set -- ${name#*:}
      if [ $# -lt 9 ]; then continue; fi
      network=$((network + $1 + $9))
    done <"$proc/net/dev"
  } 2>/dev/null
}

# $rate: by how much a figure moved per second, either way, because it falls with a process that ends.
rate_of() {
  rate=$((($1 - $2) / passed_s))
  rate=${rate#-}
}

compare() {
  cpu_rate=- byte_rate=- network_rate=-
  passed_s=$((now - ${read_at:-$now}))
  if [ "$passed_s" -le 0 ]; then unknown 'the first reading'; return; fi
  rate_of "$cpu" "$cpu_before"
  cpu_rate=$rate
  rate_of "$bytes" "$bytes_before"
  byte_rate=$rate
  if [ "$cpu_rate" -ge "$cpu_limit" ]; then busy "the CPU at $cpu_rate% of a core"; fi
  if [ "$byte_rate" -ge "$byte_limit" ]; then busy 'the disk'; fi
  if [ "$hidden" != "$hidden_before" ]; then unknown 'a process of another user'; fi
  if [ -z "$network" ] || [ -z "$network_before" ]; then unknown 'the network'; return; fi
  rate_of "$network" "$network_before"
  network_rate=$rate
  if [ "$network_rate" -ge "$byte_limit" ]; then busy 'the network'; fi
}

# Whether memory is not where it was when the idle time began: by 1% and 128 MB, or by 1% of a GPU's.
has_memory_moved() {
  moved=$((memory - memory_then))
  if [ "${moved#-}" -gt $((32768 + memory_then / 100)) ]; then return 0; fi
  # shellcheck disable=SC2086 # into figures
  set -- $gpu_memory_then
  for each in $gpu_memory; do
    moved=$((each - ${1:-$each}))
    if [ "${moved#-}" -ge 10 ]; then return 0; fi
    if [ $# -gt 0 ]; then shift; fi
  done
  return 1
}

look() {
  seen=rest why=-
  look_at_gpus
  look_at_terminals
  look_at_use
  look_at_jobs
  look_at_processes
  look_at_network
  compare
  last_read_at=$read_at
  cpu_before=$cpu bytes_before=$bytes hidden_before=$hidden network_before=$network read_at=$now
  if [ -n "$rest_at" ] && [ $((now - rest_at)) -gt "$gap" ]; then idle=0 rest_at=; fi
  if [ -n "$rest_at" ] && has_memory_moved; then busy 'memory'; fi
  if [ "$seen" = busy ]; then idle=0 rest_at=; fi
  if [ "$seen" != rest ]; then return; fi
  if [ -z "$rest_at" ]; then memory_then=$memory gpu_memory_then=$gpu_memory
  elif [ "$rest_at" = "$last_read_at" ] && [ $((now - rest_at)) -le $((every * 5 / 2)) ]; then
    idle=$((idle + now - rest_at))
  fi
  rest_at=$now
}

# --- Requests to Runpod ---------------------------------------------------------------------------------------------

# The key is in the environment of the first process. It passes through pipes only.
environment() {
  tr '\n\000' '\001\n' 2>/dev/null <"$proc/1/environ" | sed -n "s/^$1=//p" | head -n 1
}

python='
import sys, urllib.request, urllib.error
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *all): return None
url, body = sys.argv[1], sys.argv[2].encode() or None
headers = {"Authorization": "Bearer " + sys.stdin.readline().strip(), "Content-Type": "application/json",
           "User-Agent": sys.argv[3]}
request = urllib.request.Request(url, body, headers)
try: reply = urllib.request.build_opener(Stay).open(request, timeout=30)
except urllib.error.HTTPError as error: reply = error
print(reply.read(1000000).decode("utf-8", "replace") + "\n" + str(reply.status))'

# Asks for this pod, or for its stop. $code: that of the answer, 000 without one; $reply: the answer.
request() {
  code=000 reply=''
  key=$(environment RUNPOD_API_KEY)
  pod=$(environment RUNPOD_POD_ID)
  case $key in '' | *[!A-Za-z0-9_-]*) code=no-key; return ;; esac
  if [ "$pod" != "${dir##*/}" ]; then code=other-pod; return; fi
  url=$api/pods/$pod body='' type='Content-Type: application/json'
  # shellcheck disable=SC2089 # one argument, with its quotes
  if [ "$1" = stop ]; then url=$url/action body='{"action":"stop"}'; fi
  # shellcheck disable=SC2090
  if command -v curl >/dev/null; then
    reply=$(printf 'header = "Authorization: Bearer %s"\n' "$key" 2>/dev/null |
      curl -q -s -m 30 -A "$agent" -K - -w '\n%{http_code}' ${body:+-H "$type" -d "$body"} "$url" 2>/dev/null)
  elif command -v python3 >/dev/null; then
    reply=$(printf '%s\n' "$key" 2>/dev/null | python3 -I -c "$python" "$url" "$body" "$agent" 2>/dev/null)
  elif [ "$scratch" != "$dir" ] && wget --version 2>/dev/null | grep -q '^GNU'; then
    # It takes the key from a file only: one in memory, for this moment.
    printf 'header = Authorization: Bearer %s\n' "$key" 2>/dev/null >"$scratch/wgetrc"
    reply=$(wget --config="$scratch/wgetrc" -q -S -O - -T 30 -t 1 -U "$agent" --max-redirect=0 \
      --content-on-error ${body:+--header "$type" --post-data "$body"} "$url" 2>&1)
    rm -f "$scratch/wgetrc"
    # Its headers come first, and only the body may say anything else.
    code=${reply#*HTTP/?.? }
    reply=$reply$lf${code%% *}
  else
    code=no-program
    return
  fi
  code=${reply##*"$lf"}
  case $code in [1-5][0-9][0-9]) ;; *) code=000 ;; esac
}

# Reads this pod, which must be what the answer is about.
ask() {
  request get
  answer=$code
  if [ "$code" != 200 ]; then return 1; fi
  case $reply in *"\"id\":\"$pod\""* | *"\"id\": \"$pod\""*) return 0 ;; esac
  answer=unreadable
  return 1
}

# It acts only once it could read its pod, and then until it is clearly refused. A person can ask for another try.
check_key() {
  if read_time check && [ -n "$until" ] && [ "$until" -ge "$checked_up" ] && [ "$until" -le "$up" ]; then
    check_at=$now
  fi
  if [ "$now" -lt "$check_at" ]; then return; fi
  check_at=$((now + retry)) checked_up=$up
  if ask; then armed=1 check_at=$((now + 12 * retry)); fi
  case $answer in 401 | 403 | 404 | no-* | other-pod) armed=0 ;; esac
}

# --- What it does ---------------------------------------------------------------------------------------------------

# Of each computer "IDLE MAX GPUS GPU-LIMIT CONSENT JOBS": seconds (0: never), their number, percent, `yes` or `no`, and
# a folder. What none consents to is only reported, and beside consent it does not count. $plans: "ID:IDLE:MAX".
read_settings() {
  plans='' gpus=0 gpu_limit=100 jobs='' consent=no unreadable=''
  list settings || unreadable=1
  for id in $ids; do
    limit='' folder=''
    { read -r limit max of_gpus of_limit agreed folder <"$dir/settings.$id"; } 2>/dev/null
    case $folder in /*) ;; *) limit='' ;; esac
    for each in "$limit" "$max" "$of_gpus" "$of_limit"; do is_number "$each" || limit=''; done
    if [ -z "$limit" ]; then unreadable=1; continue; fi
    if [ "$of_gpus" -gt "$gpus" ]; then gpus=$of_gpus; fi
    if [ "$of_limit" -lt "$gpu_limit" ]; then gpu_limit=$of_limit; fi
    case $lf$jobs$lf in *"$lf$folder$lf"*) ;; *) jobs=$jobs${jobs:+$lf}$folder ;; esac
    if [ "$agreed" = yes ] && [ "$consent" = no ]; then consent=yes plans=''; fi
    if [ "$agreed" = "$consent" ] || [ "$consent" = no ]; then plans="$plans $id:$limit:$max"; fi
  done
  [ -n "$plans" ]
}

# $cause, $left and $by: what makes a stop due, in how many seconds, and whose it is, of the plans $1.
find_due() {
  cause=- left=- by=-
  for plan in $1; do
    max=${plan##*:} limit=${plan#*:} id=${plan%%:*}
    limit=${limit%:*}
    if [ "$limit" -gt 0 ]; then
      if [ "$idle_limit" -eq 0 ] || [ "$limit" -lt "$idle_limit" ]; then idle_limit=$limit; fi
      if [ "$idle" -gt 0 ] && { [ "$left" = - ] || [ $((limit - idle)) -lt "$left" ]; }; then
        cause=idle left=$((limit - idle)) by=$id
      fi
    fi
    ends=0
    if [ "$max" -gt 0 ]; then ends=$((began_at + max)); fi
    if read_time "deadline.$id"; then ends=${until:-$ends}; else unreadable=1; fi
    if [ "$ends" -eq 0 ]; then continue; fi
    if [ "$deadline" -eq 0 ] || [ "$ends" -lt "$deadline" ]; then deadline=$ends; fi
    if [ "$left" = - ] || [ $((ends - now)) -lt "$left" ]; then cause=deadline left=$((ends - now)) by=$id; fi
  done
}

# $hold: why the pod is left alone. A computer with a lease carries out its own plan.
find_cause() {
  hold='' deadline=0 lease=0 kept=0 idle_limit=0 free=''
  for plan in $plans; do
    if read_time "lease.${plan%%:*}"; then
      # It may have been taken since the clock was read. It counts by the clock that it was written by.
      if [ "${until:-0}" -gt "$up" ] && [ "$until" -le $((up + 900 + gap)) ]; then
        if [ "$until" -gt "$lease" ]; then lease=$until; fi
        continue
      fi
    else unreadable=1; fi
    free="$free $plan"
  done
  # What is taken care of is shown, too.
  find_due "$plans"
  if [ -n "$free" ]; then find_due "$free"; fi
  if [ "$armed" = 0 ]; then hold=unarmed; fi
  if [ "$consent" != yes ]; then hold=report; fi
  if [ -z "$free" ]; then hold=lease; fi
  if read_time keep; then kept=${until:-0}; else unreadable=1; fi
  list keep || unreadable=1
  for id in $ids; do
    if read_time "keep.$id"; then
      if [ "${until:-0}" -gt "$kept" ]; then kept=$until; fi
    else unreadable=1; fi
  done
  if [ "$kept" -gt "$now" ]; then hold=keep; fi
  if [ -n "$unreadable" ]; then hold=unreadable; fi
  if read_time stop-now && [ "${until:-0}" -gt "$up" ] && [ "$until" -le $((up + 900)) ]; then
    cause=asked left=0 by=- hold=''
  fi
}

# To each terminal, without waiting for one that is stuck, and to a file.
warn() {
  text="Podkeeper's guard stops this pod in $(($1 / 60)) min ($cause). To keep it running: $keep_command 2h"
  save warning "$text" "$dir"
  for each in "$dev"/pts/[0-9]*; do
    (printf '\r\n*** %s ***\r\n' "$text" >>"$each") 2>/dev/null &
  done
}

decide() {
  find_cause
  if [ -n "$hold" ] || [ "$left" = - ] || [ "$left" -gt "$first" ]; then
    if [ -n "$warned" ]; then rm -f "$dir/warning"; fi
    warned='' warned_last='' stop_at=-
    return
  fi
  if [ "$cause" = asked ]; then
    # No warning of this stop counts for another.
    warned='' warned_last='' stop_at=$now
    if [ "$now" -ge "$try_at" ]; then stop; fi
    return
  fi
  if [ -z "$warned" ]; then
    warned=$now
    warn "$first"
  fi
  # What was put off is warned of again.
  if [ "$left" -gt "$last" ]; then warned_last=''; fi
  stop_at=$((now + left))
  if [ "$left" -lt 0 ]; then stop_at=$now; fi
  if [ "$stop_at" -lt $((warned + first)) ]; then stop_at=$((warned + first)); fi
  if [ -z "$warned_last" ] && [ $((stop_at - now)) -le "$last" ]; then
    warned_last=$now
    warn "$last"
  fi
  if [ -n "$warned_last" ] && [ "$stop_at" -lt $((warned_last + last)) ]; then stop_at=$((warned_last + last)); fi
  if [ "$stop_at" -gt "$now" ] || [ "$now" -lt "$try_at" ]; then return; fi
  if [ "$cause" = idle ] && [ "$seen" != rest ]; then return; fi
  stop
}

# Reads the pod once more, then what it was told meanwhile, and only then asks for the stop.
stop() {
  try_at=$((now + retry)) reason=$cause
  ask || return
  case $reply in *'"status":"RUNNING"'* | *'"status": "RUNNING"'*) ;; *) answer=not-running; return ;; esac
  case $reply in *'"locked":true'* | *'"locked": true'*) answer=locked; return ;; esac
  read_settings || return
  find_cause
  if [ -n "$hold" ] || [ "$left" = - ] || [ "$left" -gt 0 ] || ! is_owner; then return; fi
  # That other stop was not warned of.
  if [ "$reason" = asked ] && [ "$cause" != asked ]; then return; fi
  stopping=$cause stop_code=sent stop_count=$((stop_count + 1))
  write_status
  request stop
  stop_code=$code answer=$code
}

write_status() {
  stop_up=-
  if [ "$stop_at" != - ]; then stop_up=$((stop_at + skipped)); fi
  text="podkeeper-guard $version
run $run
beat $up
idle $idle $idle_limit
seen $seen $why
figures $gpu_busiest $cpu_rate $byte_rate $network_rate $memory
armed $armed $answer
hold ${hold:--}
due $cause $left $stop_up
by $by
warned ${warned:--} ${warned_last:--}
deadline $deadline
keep $kept
lease $lease
stopping $stopping $stop_code $stop_count
skipped $skipped
end"
  save status "$text" "$dir" || save status "$text" "$scratch"
}

# What the next guard of this run goes on from.
write_counted() {
  text="run $run
beat $up
skipped $skipped
idle $idle
seen $seen
rest ${rest_at:--}
memory ${memory_then-} ${gpu_memory_then-}
input ${input_at:--}
sums $cpu $bytes ${network:--}
hidden $hidden
opened $opened
terminals $terminals
end"
  save counted "$text" "$dir" || rm -f "$dir/counted" 2>/dev/null
}

# A guard that takes the place of one that read less than the gap ago goes on with what that one counted, but warns
# anew.
go_on() {
  of='' beat='' skipped_was='' idle_was='' rest_was='' memory_was='' whole='' listing=''
  gpu_memory_was='' input_was='' sums='' hidden_was='' opened_was='' terminals_was=''
  {
    while IFS= read -r line; do
      value=${line#* }
      case $line in
        end) whole=1 ;;
        'run '*) of=$value ;;
        'beat '*) beat=$value ;;
        'skipped '*) skipped_was=$value ;;
        'idle '*) idle_was=${value%% *} ;;
        'rest '*) rest_was=$value ;;
        'memory '*) memory_was=${value%% *} gpu_memory_was=${value#* } ;;
        'input '*) input_was=$value ;;
        'sums '*) sums=$value ;;
        'hidden '*) hidden_was=$value ;;
        'opened '*) opened_was=$value ;;
        'terminals '*) listing=1 terminals_was=$lf ;;
        *) if [ -n "$listing" ]; then terminals_was=$terminals_was$line$lf; fi ;;
      esac
    done <"$dir/counted"
  } 2>/dev/null
  if [ -z "$whole" ] || [ "$of" != "$run" ]; then return; fi
  for each in "$beat" "$skipped_was" "$idle_was" "$memory_was"; do is_number "$each" || return 0; done
  if [ "$beat" -gt "$up" ] || [ $((up - beat)) -gt "$gap" ] || [ "$idle_was" -gt "$up" ]; then return; fi
  # shellcheck disable=SC2086 # into figures
  set -- $sums
  if [ $# -ne 3 ]; then return; fi
  for each in "$@" $gpu_memory_was; do is_number "$each" || return 0; done
  cpu_before=$1 bytes_before=$2 network_before=$3 hidden_before=$hidden_was
  # What installs it would be most of what happened since then.
  if [ $((up - beat)) -ge $((every / 2)) ]; then read_at=$((beat - skipped_was)); fi
  opened=$opened_was terminals=$terminals_was
  if is_number "$input_was"; then input_at=$input_was; fi
  skipped=$skipped_was now=$((up - skipped_was))
  if ! is_number "$rest_was"; then return; fi
  idle=$idle_was rest_at=$rest_was memory_then=$memory_was gpu_memory_then=$gpu_memory_was
}

# Where its folder can't be read, it goes on.
is_owner() {
  owner=$me
  { read -r owner <"$dir/owner"; } 2>/dev/null
  [ "$owner" = "$me" ] && { [ -e "$dir/owner" ] || ! [ -d "$dir" ]; }
}

begin() {
  skipped=0 idle=0 now=$up began_at=$up rest_at='' read_at='' terminals='' opened='' input_at=''
  used_at='' used_up='' check_at=0 try_at=0 checked_up=0 warned='' warned_last='' stop_at=-
}

watch() {
  trap '' HUP PIPE
  if ! { find_run && inspect "$$" && me="$$ $began" && read_clock; }; then echo 'failed There is no /proc.'; exit 1; fi
  pid='' pid_began=''
  { read -r pid pid_began <"$dir/owner"; } 2>/dev/null
  if is_alive "$pid" "$pid_began"; then echo running; exit; fi
  save_here owner "$me" || { echo 'failed The folder of the guard is not writable.'; exit 1; }
  scratch=$dev/shm/podkeeper-guard-${dir##*/}
  rm -rf "$scratch" 2>/dev/null
  mkdir "$scratch" 2>/dev/null || scratch=$dir
  rm -f "$scratch/gpu" "$scratch/wgetrc" "$dir/warning"
  keep_command=podkeeper-keep
  command -v podkeeper-keep >/dev/null || keep_command="sh $dir/guard.sh keep"
  # The last status of an earlier run says whether the guard ended it.
  of=''
  { read -r line && read -r line of; } 2>/dev/null <"$dir/status"
  if [ -n "$of" ] && [ "$of" != "$run" ]; then mv -f "$dir/status" "$dir/previous"; fi
  carry_keep keep
  list keep || :
  for id in $ids; do carry_keep "keep.$id"; done
  begin
  go_on
  armed=0 answer=- asked='' question=0 stopping=- stop_code=- stop_count=0
  while :; do
    is_owner || exit 0
    if read_clock && read_settings; then
      look
      check_key
      decide
      write_status
      write_counted
    fi
    sleep "$every"
  done
}

case ${1-} in
  '') watch ;;
  keep) keep "${2-}" ;;
  *)
    echo 'Usage: guard.sh [keep 2h]'
    exit 2
    ;;
esac
