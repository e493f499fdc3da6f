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

# The guard leaves what is to be done to this Podkeeper until its lease ends. The terminal of this look doesn't count.
take_lease() {
  if [ "$lease" -eq 0 ]; then return; fi
  inspect "$$"
  # shellcheck disable=SC2086 # into fields
  set -- ${line##*"$close"}
  tty=-
  if [ "$5" -ge 34816 ] && [ "$5" -lt 35072 ]; then tty=$(($5 - 34816)); fi
  put_file lease "$boot $((up + lease)) $tty"
}

report_guard() {
  find_boot
  read_clock
  printf 'now %s %s\n' "$up" "$boot"
  if find_owner; then echo 'alive yes'; else echo 'alive no'; fi
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
  if [ "$version" = "$(sed -n 's/^version=//p' guard.sh)" ]; then take_lease; fi
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
  take_lease
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
    stop-now) put_file stop-now "$boot $((up + seconds)) -" ;;
  esac || fail 'The pod can not save that. Its disk may be full.'
  report_guard
}

remove_guard() {
  while find_guard; do
    end_guard
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
