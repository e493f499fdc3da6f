# What Podkeeper does with the guard of a pod, for the scripts of `guard-scripts.ts`, which set the variables.

open_guard() {
  cd "$1" 2>/dev/null && into .podkeeper "$2" && into guard "$2" && into "$pod" "$2"
}

# Goes to the guard's folder; of several, to that of one that runs.
find_guard() {
  for wanted in find_owner true; do
    for base in "$root" /root /tmp /dev/shm; do
      if (open_guard "$base" '' && [ -f guard.sh ] && "$wanted") >/dev/null 2>&1; then
        open_guard "$base" ''
        return
      fi
    done
  done
  return 1
}

find_owner() {
  holder='' holder_began=''
  if [ -f owner ]; then read -r holder holder_began <owner; fi
  alive "$holder" "$holder_began"
}

end_guard() {
  if find_owner; then kill -TERM "$holder"; fi
  rm -f owner
}

# On a full disk it takes the place of what is there. Only the first line is read of it.
put_file() {
  { printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1"; } 2>/dev/null ||
    { [ -s "$1" ] && ! [ -h "$1" ] && printf '%s\n' "$2" 1<>"$1"; } 2>/dev/null
}

print_file() {
  if [ -f "$1" ] && ! [ -h "$1" ]; then
    printf 'file %s\n' "$2"
    head -n 40 "$1"
  fi
}

# The terminal of this look doesn't count as used, whether or not the look takes a lease. With one, the guard leaves
# what is to be done to this Podkeeper until it ends.
record_look() {
  inspect "$$"
  # shellcheck disable=SC2086 # into fields
  set -- ${line##*"$close"}
  tty=-
  if [ "$5" -ge 34816 ] && [ "$5" -lt 35072 ]; then tty=$(($5 - 34816)); fi
  put_file look "$boot $up $tty"
  if [ "$lease" -gt 0 ]; then put_file lease "$boot $((up + lease)) -"; fi
}

# What a person did through this Podkeeper, so many seconds ago. A later use that is known stays.
note_use() {
  if [ -z "$used" ]; then return; fi
  of='' until=''
  if [ -f used ] && ! [ -h used ]; then read -r of until rest <used; fi
  case $until in '' | *[!0-9]* | 0?* | ????????????????*) until=0 ;; esac
  if [ "$of" != "$boot" ] || [ "$until" -lt $((up - used)) ]; then put_file used "$boot $((up - used)) -"; fi
}

# --- The block in the script that the image runs at each start of the container (`post_start`) -----------------------

# `none`: the image runs no such script; `left`: it can't be changed safely; else whether it starts this guard.
look_at_block() {
  block=none
  if ! grep -qsF "$post_start" "$starter"; then return; fi
  here=$(pwd -P)
  block=left
  case $here in *"'"*) return ;; esac
  setsid=$(command -v setsid >/dev/null && echo 'setsid ')
  opening="# >>> Podkeeper's guard of $pod: it starts in the background"
  closing="# <<< Podkeeper's guard of $pod"
  starting="if [ -f '$here/guard.sh' ]; then ${setsid}sh '$here/guard.sh' </dev/null >/dev/null 2>&1 & fi"
  if ! [ -e "$post_start" ] && ! [ -h "$post_start" ]; then
    block=no
    return
  fi
  # Part of a program, and what others share, are left alone.
  if ! [ -f "$post_start" ] || [ -h "$post_start" ] || ! [ -w "$post_start" ]; then return; fi
  if [ "$(wc -c <"$post_start")" -gt 65536 ]; then return; fi
  if [ "$(tr -d '\000' <"$post_start" | wc -c)" -ne "$(wc -c <"$post_start")" ]; then return; fi
  marks=$(grep -nxF -e "$opening" -e "$closing" "$post_start" | sed 's/:.*//' | tr '\n' ' ')
  case $marks in
    '') block=no ;;
    *' '*' '*' '*) ;;
    *' '*' ')
      # Somebody changed what stands between.
      if [ $((${marks%% *} + 2)) -ne "$(echo "$marks" | cut -d ' ' -f 2)" ]; then return; fi
      if grep -qxF "$starting" "$post_start"; then block=yes; else block=other; fi
      ;;
  esac
}

without_block() {
  from=$(grep -nxF "$opening" "$1" | sed 's/:.*//')
  sed "$from,$((from + 2))d" "$1"
}

# Behind the first line if that names a shell, so that nothing in the script keeps it from being reached.
add_block() {
  look_at_block
  if [ "$block" = other ]; then remove_block; look_at_block; fi
  if [ "$block" != no ]; then return; fi
  changed=$post_start.podkeeper
  rm -f "$changed"
  text=$(printf '%s\n%s\n%s' "$opening" "$starting" "$closing")
  if ! [ -e "$post_start" ]; then
    printf '%s\n' "$text" >"$changed" && mv -f "$changed" "$post_start"
    return
  fi
  cp -p "$post_start" "$changed" && {
    case $(head -c 2 "$post_start") in
      '#!') head -n 1 "$post_start"; printf '%s\n' "$text"; tail -n +2 "$post_start" ;;
      *) printf '%s\n' "$text"; cat "$post_start" ;;
    esac
  } >"$changed"
  # It takes its place only if nothing of it would be lost.
  if [ "$(grep -cxF "$closing" "$changed")" -eq 1 ] &&
    [ "$(without_block "$changed" | cksum)" = "$(cksum <"$post_start")" ]; then mv -f "$changed" "$post_start"; fi
  rm -f "$changed"
}

remove_block() {
  look_at_block
  case $block in yes | other) ;; *) return ;; esac
  changed=$post_start.podkeeper
  rm -f "$changed"
  cp -p "$post_start" "$changed" && without_block "$post_start" >"$changed" &&
    [ $(($(wc -c <"$post_start") - $(wc -c <"$changed"))) -eq "$(block_bytes)" ] && mv -f "$changed" "$post_start"
  rm -f "$changed"
  if [ -f "$post_start" ] && ! [ -s "$post_start" ]; then rm -f "$post_start"; fi
}

block_bytes() {
  from=$(grep -nxF "$opening" "$post_start" | sed 's/:.*//')
  sed -n "$from,$((from + 2))p" "$post_start" | wc -c
}

report_block() {
  look_at_block
  case $block in other) block=no ;; esac
  printf 'post-start %s\n' "$block"
}

report_guard() {
  find_boot
  read_clock
  printf 'now %s %s\n' "$up" "$boot"
  if find_owner; then echo 'alive yes'; else echo 'alive no'; fi
  report_block 2>/dev/null
  print_file settings settings
  print_file deadline deadline
  print_file keep keep
  print_file previous previous
  print_file status status
  print_file "/dev/shm/podkeeper-guard-$pod/status" status
  echo complete
}

read_guard() {
  if ! find_guard; then echo absent; return; fi
  find_boot
  read_clock
  if [ "$version" = "$(sed -n 's/^version=//p' guard.sh)" ]; then record_look; note_use; fi
  report_guard
}

link_keep() {
  here=$(pwd -P)
  case $here in *"'"*) return ;; esac
  for place in /usr/local/bin /usr/bin; do
    put_file "$place/podkeeper-keep" "#!/bin/sh
exec sh '$here/guard.sh' keep \"\$@\"" && chmod 755 "$place/podkeeper-keep" && return
  done
}

has_guard() {
  [ "$(cat guard.sh 2>/dev/null && echo x)" = "${guard}x" ]
}

fill_folder() {
  open_guard "$1" make || return 1
  # One that runs needs no room on a full disk, and one that starts does.
  if ! has_guard || ! find_owner; then
    if ! { printf %s "$guard" >guard.new && [ "$(wc -c <guard.new)" -eq "$bytes" ]; }; then return 1; fi
    mv -f guard.new guard.sh || return 1
  fi
  put_file settings "$settings" && put_file deadline "$boot $((deadline > 0 ? up + deadline : 0)) -" &&
    put_file keep "$boot $((up + keep)) $keep"
}

# Writes the guard and starts it, unless the same one runs already.
install_guard() {
  trap : HUP PIPE
  find_boot
  read_clock
  (umask "$u0"; mkdir -p "$root") 2>/dev/null
  if find_guard; then
    if [ -n "$fresh" ] || [ "$base" != "$root" ] || ! has_guard; then end_guard; fi
  fi
  placed=
  for base in "$root" /root /tmp /dev/shm; do
    if (fill_folder "$base") >/dev/null 2>&1; then
      placed=$base
      break
    fi
  done
  if [ -z "$placed" ]; then fail 'The pod has no folder that can be written. Its disk may be full.'; fi
  open_guard "$placed" ''
  record_look
  if ! find_owner; then
    rm -f owner status.new
    link_keep
    setsid=$(command -v setsid)
    shell=$(command -v sh)
    (
      umask "$u0"
      PATH=${p0:-$PATH}
      # shellcheck disable=SC2086 # nothing without setsid
      exec $setsid "$shell" "$(pwd -P)/guard.sh"
    ) </dev/null >/dev/null 2>&1 &
    tries=0
    until find_owner; do
      tries=$((tries + 1))
      if [ "$tries" -gt 200 ]; then fail 'The guard did not start.'; fi
      nap
    done
  fi
  tries=0
  until [ -f status ] || [ "$tries" -gt 200 ]; do
    tries=$((tries + 1))
    nap
  done
  report_guard
}

change_guard() {
  find_guard || { echo absent; return; }
  find_boot
  read_clock
  case $change in
    deadline) put_file deadline "$boot $((seconds > 0 ? up + seconds : 0)) -" ;;
    keep) put_file keep "$boot $((up + seconds)) $seconds" ;;
    post-start) (if [ "$seconds" -gt 0 ]; then add_block; else remove_block; fi) >/dev/null 2>&1 || : ;;
    check) put_file check "$boot $up -" ;;
    stop-now) put_file stop-now "$boot $((up + seconds)) -" ;;
  esac || fail 'The pod can not save that. Its disk may be full.'
  report_guard
}

remove_guard() {
  while find_guard; do
    end_guard
    # Without the guard what stays of it does nothing.
    (remove_block) >/dev/null 2>&1
    here=$(pwd -P)
    cd ..
    rm -rf "./$pod"
    if [ -e "./$pod" ]; then fail 'The folder of the guard can not be removed.'; fi
    for place in /usr/local/bin /usr/bin; do
      if grep -qsF "'$here/guard.sh'" "$place/podkeeper-keep"; then rm -f "$place/podkeeper-keep"; fi
    done
  done
  rm -rf "/dev/shm/podkeeper-guard-$pod"
  echo removed
}
