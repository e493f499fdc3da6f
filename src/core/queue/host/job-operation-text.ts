import { reading } from './job-script-text'

/* The operations of `JobHost` in shell text; see `job-scripts.ts`, which sets the variables that they use. */

export const LOG_BLOCK_BYTES = 4_096
export const MAX_RESULTS = 1_000

/**
 * A start that fails keeps the directory, so that the job can't be started by anybody who is late. `taken`: whether a
 * job of another Podkeeper runs there. Of two that are prepared at the same time, the first by name takes the other's
 * `claimed`, so that exactly one starts; so it does with one that was left behind.
 */
export const startText = `${reading}drop() {
rm -rf ./command ./limit ./run ./env ./directory ./files
mkdir claimed 2>/dev/null
fail "$1"
}
save() {
message=$({ printf %s "$2" >"$1"; } 2>&1) || drop "The pod can't save the job. Its disk may be full. $message"
}
exists() {
[ -e "./$id" ] || [ -h "./$id" ]
}
taken() {
find_boot
place=before
for each in ../*/; do
each=\${each%/}
each=\${each#../}
if [ "$each" = "$id" ]; then place=after; fi
case " $ours " in *" $each "*) continue ;; esac
if [ -f "../$each/exit_code" ]; then continue; fi
if ! [ -d "../$each/claimed" ]; then
if [ "$place" = before ] && [ -z "$(find "../$each" -prune -mmin +1 2>/dev/null)" ]; then return 0; fi
if mkdir "../$each/claimed" 2>/dev/null; then
: >"../$each/taken"
rm -f "../$each/env"
continue
fi
fi
if (cd "../$each" 2>/dev/null && look && [ "$kind" != ended ]); then return 0; fi
done
return 1
}
start_job() {
trap : HUP PIPE
for program in setsid mv rm sleep wc cat date; do
command -v "$program" >/dev/null || fail "The pod has no program $program."
done
[ "$(command -v printf)" = printf ] || fail "The pod's shell has no printf."
[ -r /proc/uptime ] || fail "The pod has no /proc."
into_jobs make jobs
if exists; then echo exists; return; fi
message=$(mkdir "./$id" 2>&1) || { if exists; then echo exists; return; fi; fail "$message"; }
cd "./$id" || fail "$id can't be opened."
save command "$command"
save limit "$limit"
save run "$run"
save env "$env"
if [ "$(cat command limit run env | wc -c)" -ne "$bytes" ]; then drop "The pod can't save the job. Its disk may be full."; fi
case $folder in
'')
folder=$base
if [ -n "$upload" ]; then folder=$base/.podkeeper/jobs/$id/files; fi
;;
/*) ;;
*) folder=$base/$folder ;;
esac
if [ -n "$upload" ]; then message=$(mv "../../incoming/$upload" files 2>&1) || drop "$message"; fi
(cd "$folder") 2>/dev/null || drop "The working directory $folder can't be opened."
save directory "$folder
"
beside="Another Podkeeper runs a job on this pod."
if taken; then drop "$beside"; fi
setsid=$(command -v setsid)
shell=$(command -v sh)
(
umask "$u0"
PATH=\${p0:-$PATH}
exec "$setsid" "$shell" ./run
) </dev/null >>log 2>&1 &
supervisor=$!
tries=0
until [ -d claimed ]; do
tries=$((tries + 1))
if [ "$tries" -gt 200 ] || ! inspect "$supervisor"; then
if mkdir claimed 2>/dev/null; then drop "The job's supervisor did not start. $(cat log)"; fi
if ! [ -d claimed ]; then
kill -KILL "$supervisor"
drop "The pod can't save files: its disk may be full."
fi
else nap
fi
done
tries=0
while read_pid; [ -z "$job" ] && ! [ -f exit_code ] && [ "$tries" -lt 200 ]; do
if [ -e taken ]; then drop "$beside"; fi
if ! inspect "$supervisor" && [ "$tries" -ge 40 ]; then drop "Something else kept the job from starting."; fi
tries=$((tries + 1))
nap
done
echo started
}
`

export const readText = `${reading}read_jobs() {
if into_jobs '' jobs; then
find_boot
for id in $ids; do report "$id"; done
else
for id in $ids; do printf 'job %s absent\\n' "$id"; done
fi
echo end
}
`

export const cancelText = `${reading}cancel_job() {
trap : HUP PIPE
into_jobs make jobs
find_boot
into "$id" make
: >canceled
if mkdir claimed 2>/dev/null; then
rm -f env
printf 'job %s ended - 0 - -\\nend\\n' "$id"
return
fi
look
if [ "$kind" != ended ]; then
(
exec setsid sh ./run stop
) </dev/null >/dev/null 2>&1 &
fi
tries=0
while [ "$kind" != ended ] && [ "$tries" -lt 500 ]; do
nap
tries=$((tries + 1))
look
done
cd ..
report "$id"
echo end
}
`

/** Goes to the working directory of the job. */
const toWorkingDirectory = `to_working_directory() {
into_jobs '' jobs && into "$id" || fail "The pod has no such job."
IFS= read -r folder <directory
cd "$folder" 2>/dev/null || fail "The working directory $folder can't be opened."
}
`

export const logText = `read_log() {
into_jobs '' jobs && into "$id" || fail "The pod has no such job."
if ! [ -f log ] || [ -h log ]; then echo 'log 0 hex'; echo end; return; fi
set -- $(ls -ln log)
if command -v base64 >/dev/null; then
printf 'log %s base64\\n' "$5"
dd if=log bs=${LOG_BLOCK_BYTES} skip="$first" count="$blocks" 2>/dev/null | base64
else
printf 'log %s hex\\n' "$5"
dd if=log bs=${LOG_BLOCK_BYTES} skip="$first" count="$blocks" 2>/dev/null | od -An -v -tx1
fi
echo end
}
`

export const resultsText = `${toWorkingDirectory}list_file() {
[ -f "./$1" ] && [ -r "./$1" ] || return 0
found=$((found + 1))
if [ "$found" -gt ${MAX_RESULTS} ]; then fail "More than ${MAX_RESULTS} files match."; fi
name=$(printf %s "$1" | od -An -v -tx1 | tr -d ' \\n')
set -f
set -- "$1" $(ls -lnL "./$1")
set +f
size=$6
hash=$(hash_input <"./$1")
printf 'file %s %s %s\\n' "$size" "\${hash%% *}" "$name"
}
list_all() {
if [ -d "./$1" ]; then
if [ -h "./$1" ]; then return; fi
for each in "$1"/* "$1"/.[!.]*; do
if [ -e "./$each" ]; then list_all "$each"; fi
done
else list_file "$1"
fi
}
list_results() {
to_working_directory
if command -v sha256sum >/dev/null; then hash_input() { sha256sum; }
elif command -v openssl >/dev/null; then hash_input() { openssl dgst -sha256 -r; }
elif command -v shasum >/dev/null; then hash_input() { shasum -a 256; }
else echo unsupported; return
fi
found=0
IFS='
'
set -- $globs
unset IFS
for each in "$@"; do list_all "$each"; done
echo end
}
`

export const fetchText = `${toWorkingDirectory}fetch_result() {
to_working_directory
if ! [ -f "./$name" ]; then fail "The file is gone."; fi
printf '<%s>' "$marker"
if [ "$from" = 1 ]; then cat <"./$name"; else tail -c "+$from" <"./$name"; fi
}
`

export const uploadFolderText = `make_upload() {
into_jobs make incoming
find . -mindepth 1 -maxdepth 1 -mtime +1 -exec rm -rf {} ';' 2>/dev/null
message=$(mkdir "./$upload" 2>&1) || fail "$message"
cd "./$upload" || fail "$upload can't be opened."
IFS='
'
for each in $folders; do
message=$(mkdir -p "./$each" 2>&1) || fail "$message"
done
echo ready
}
`
