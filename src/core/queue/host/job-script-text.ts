/*
 * Shell text of the pod's side of jobs, for POSIX `sh` of dash, bash and busybox. Printable ASCII only. What a
 * script needs beside the shell: mkdir, mv, rm, sleep, setsid, wc, ls, dd, od, tr, cat, date, and base64 and
 * sha256sum where they are used.
 *
 * A job has a directory, which can be created once:
 *   command, directory   what runs, and where
 *   env                  variables of the job, removed once read
 *   run                  the supervisor: starts the command, beats, enforces the time limit, saves the exit code
 *   claimed/             exists once nobody else may decide anymore whether the job starts
 *   taken                another Podkeeper claimed it, to run a job of its own
 *   pid                  the supervisor: process, its start, boot, Unix s, s since boot; then the command: process, start
 *   heartbeat            s since boot
 *   exit_code            code, whether it ran out of time, Unix s
 */

/** Restores nothing: `u0` and `p0` are what the job gets back. */
const settings = `u0=$(umask)
p0=$PATH
umask 077
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\${PATH:+:$PATH}
unset CDPATH
`

/**
 * `inspect` reads the state, group and start of a process, and fails if it is gone or a zombie. A process is known
 * by its id and its start, because ids are used again; the start of process 1 tells containers apart. `occupied`
 * says whether anything of a job's process group lives, which may be long after its command ended.
 */
const processes = `close=')'
inspect() {
line= began=
{ while IFS= read -r part || [ -n "$part" ]; do line=$line$part; done <"/proc/$1/stat"; } 2>/dev/null
set -- \${line##*"$close"}
state=$1 group=$3 began=\${20}
[ -n "$began" ] && [ "$state" != Z ] && [ "$state" != X ]
}
alive() {
[ -n "$1" ] && inspect "$1" && [ "$began" = "$2" ]
}
occupied() {
[ -n "$1" ] && kill -0 "-$1" 2>/dev/null || return 1
if inspect "$1" && [ "$began" != "$2" ]; then return 1; fi
for each in /proc/[0-9]*; do
if inspect "\${each#/proc/}" && [ "$group" = "$1" ]; then return 0; fi
done
return 1
}
find_boot() {
boot=-
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
inspect 1
boot=$boot:$began
}
read_clock() {
read -r up rest </proc/uptime
up=\${up%%.*}
}
read_pid() {
runner= runner_began= runner_boot= begun= begun_up= job= job_began=
[ -f pid ] || return
{ read -r runner runner_began runner_boot begun begun_up; read -r job job_began; } <pid
}
nap() {
sleep 0.05 2>/dev/null || sleep 1
}
`

/** Prints `failed`, with a sentence or the error of a program, and ends the script. */
export const scriptStart = `${settings}fail() {
printf 'failed %s\\n' "$1"
exit 1
}
put() {
part=$(printf %bx "$2")
eval "$1=\\$$1\\\${part%x}"
}
into() {
if [ -h "./$1" ]; then fail "$PWD/$1 is a link."; fi
if ! [ -d "./$1" ]; then
[ "$2" = make ] || return 1
message=$(mkdir "./$1" 2>&1) || [ -d "./$1" ] || fail "$message"
fi
parent=$(pwd -P)
cd "./$1" 2>/dev/null || fail "$parent/$1 can't be opened."
[ "$(pwd -P)" = "\${parent%/}/$1" ] || fail "$parent/$1 is a link."
[ -O . ] || fail "$parent/$1 belongs to another user."
}
into_jobs() {
if ! [ -d "$root" ] && [ "$1" = make ]; then
message=$( (umask "$u0"; mkdir -p "$root") 2>&1) || fail "$message"
fi
cd "$root" 2>/dev/null || { [ -e "$root" ] && fail "$root can't be opened."; return 1; }
base=$(pwd -P)
into .podkeeper "$1" && into "$2" "$1"
}
`

/**
 * `look` sets `kind` to what the files of the present directory and its processes say, and `report` prints it. A supervisor
 * writes `pid` before it claims, so that a claim that was seen first has its process.
 */
export const reading = `${processes}look() {
kind=ended code=- late=0 ended=- is_claimed=
if [ -d claimed ]; then is_claimed=1; fi
read_pid
: "\${begun:=-}"
if look_exit; then return; fi
if [ -z "$is_claimed" ]; then kind=prepared; return; fi
if [ "$runner_boot" = "$boot" ] && { alive "$runner" "$runner_began" || occupied "$job" "$job_began"; }; then
if [ -z "$job" ]; then kind=prepared; return; fi
kind=running beat=$begun_up
if [ -f heartbeat ]; then read -r beat <heartbeat; fi
return
fi
if look_exit; then return; fi
rm -f env
if [ -e timed_out ]; then late=1; fi
}
look_exit() {
[ -f exit_code ] && read -r code late ended <exit_code
}
report() {
if ! into "$1"; then printf 'job %s absent\\n' "$1"; return; fi
read_clock
look
case $kind in
prepared) printf 'job %s prepared\\n' "$1" ;;
running) printf 'job %s running %s %s %s\\n' "$1" "$begun" "$beat" "$up" ;;
ended) printf 'job %s ended %s %s %s %s\\n' "$1" "$code" "$late" "$begun" "$ended" ;;
esac
cd ..
}
`

/**
 * The file `run`. As "run" it supervises, as "run job" it becomes the command, and as "run stop" it ends the
 * command: TERM, and KILL after 15 s for what is left of its process group. Each is started in a session of its
 * own. The job has ended once its whole process group has, so that `nohup train &` counts. A cancel decides the exit code
 * of a command that ended before it, and of no other. The exit code has its place on the disk before the command starts, for a disk that is full when it ends.
 */
export const runFile = `# Runs a job of Podkeeper.
${settings}${processes}beat() {
read_clock
{ printf '%s\\n' "$up" >heartbeat.new && mv -f heartbeat.new heartbeat; } 2>/dev/null
}
finish() {
printf '%-63s\\n' "$code $late $((begun + up - begun_up))" 1<>exit_code.new && mv -f exit_code.new exit_code
}
watch() {
until [ -e exit_code ]; do
read_clock
left=$((begun_up + limit - up))
if [ "$left" -le 0 ]; then
: >timed_out
sh ./run stop
return
fi
if [ "$left" -gt 5 ]; then left=5; fi
sleep "$left"
beat
inspect "$job" || occupied "$job" || return
done
}
case $1 in
'')
if [ -d claimed ]; then exit 1; fi
read -r limit grace <limit
hit=
trap 'hit=1' HUP INT TERM
inspect "$$" || exit 1
own_began=$began
find_boot
read_clock
begun=$(date +%s)
begun_up=$up
printf '%s %s %s %s %s\\n' "$$" "$own_began" "$boot" "$begun" "$up" >pid.new || exit 1
printf '%64s' ' ' >exit_code.new || exit 1
mv pid.new pid || exit 1
beat
setsid=$(command -v setsid)
shell=$(command -v sh)
mkdir claimed || { rm -f pid; exit 1; }
(
umask "$u0"
PATH=\${p0:-$PATH}
exec "$setsid" "$shell" ./run job
) &
job=$!
exec >/dev/null 2>&1
watch &
code=
while :; do
hit=
wait "$job"
seen=$?
if [ "$seen" != 127 ] || [ -z "$code" ]; then code=$seen; fi
[ -n "$hit" ] || break
done
rm -f env
open=1
if [ -e canceled ]; then open=; fi
while occupied "$job"; do
sleep 1
if [ -n "$open" ] && [ -e canceled ]; then code=143; fi
done
read_clock
late=0
if [ -e timed_out ]; then late=1; fi
until finish 2>/dev/null; do
sleep 2
beat
read_clock
done
kill -KILL "-$$"
;;
job)
trap - HUP INT TERM
here=$(pwd -P)
inspect "$$" && printf '%s %s\\n' "$$" "$began" >>pid || exit 125
if [ -e canceled ]; then exit 143; fi
assignments=$(cat env && echo x) || exit 125
rm -f env
IFS= read -r folder <directory
IFS= read -r first <command
case $first in
'#!'*)
first=\${first#??}
first=\${first#"\${first%%[! ]*}"}
program=\${first%% *}
option=\${first#"$program"}
option=\${option#"\${option%%[! ]*}"}
set -- "$program" \${option:+"$option"} "$here/command"
;;
*) set -- "$(command -v bash || command -v sh)" "$here/command" ;;
esac
reset=$(command -v env)
if "$reset" --default-signal=INT,QUIT "$reset" >/dev/null 2>&1; then set -- "$reset" --default-signal=INT,QUIT "$@"; fi
environ=$({ tr '\\n\\000' '\\001\\n' </proc/1/environ; } 2>/dev/null)
umask "$u0"
PATH=\${p0:-$PATH}
cd "$folder" || exit 126
nl='
'
one=$(printf '\\001')
IFS=$nl
set -f
for entry in $environ; do
key=\${entry%%=*}
case $key in
'' | [0-9]* | *[!A-Za-z0-9_]* | HOME | USER | LOGNAME | SHELL | *PWD | SHLVL | TERM | HOSTNAME | _) continue ;;
UID | EUID | PPID | IFS | OPT* | ENV | BASH* | SHELLOPTS | PS? | LINENO) continue ;;
esac
entry=\${entry#*=}
while :; do
case $entry in
*"$one"*) entry=\${entry%%"$one"*}$nl\${entry#*"$one"} ;;
*) break ;;
esac
done
export "$key=$entry"
done
unset IFS
set +f
PODKEEPER_JOB_ID=\${here##*/}
PODKEEPER_JOB_DIRECTORY=$here
export PODKEEPER_JOB_ID PODKEEPER_JOB_DIRECTORY
eval "\${assignments%x}"
exec "$@"
;;
stop)
trap : HUP INT TERM
find_boot
read -r limit grace <limit
tries=0
while read_pid; [ -z "$job" ]; do
tries=$((tries + 1))
if [ -f exit_code ] || [ "$tries" -gt 100 ]; then exit 1; fi
nap
done
[ "$runner_boot" = "$boot" ] && occupied "$job" "$job_began" || exit 0
kill -TERM "-$job"
read_clock
deadline=$((up + grace))
while occupied "$job" "$job_began" && [ "$up" -lt "$deadline" ]; do
nap
read_clock
done
if occupied "$job" "$job_began"; then kill -KILL "-$job"; fi
;;
esac
`
