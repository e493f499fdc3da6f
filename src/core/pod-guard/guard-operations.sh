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

# $until: of a file "RUN UNTIL ..."; 0: there is none for this run; `?`: it can't be read.
read_until() {
  until=0
  [ -e "$1" ] || return 0
  of='' until=''
  if [ -f "$1" ] && ! [ -h "$1" ]; then read -r of until rest <"$1"; fi
  case $until in '' | *[!0-9]* | 0?* | ????????????????*) until='?'; return ;; esac
  if [ "$of" != "$boot" ]; then until=0; fi
}

# The computers that have files here, one more than there may be at most.
list_computers() {
  printf '%s\n' settings.* deadline.* keep.* lease.* start.* |
    sed -n 's/^[a-z]*\.\([0-9a-z][0-9a-z]*\)$/\1/p' | grep -v -e '^.\{17\}' -e '^pod$' | sort -u | head -n 33
}

# "computer ID IDLE CONSENT START DEADLINE KEEP LEASE NAME", with `-` for what it has not set.
print_computer() {
  idle=- agreed=- started=no
  if [ -f "settings.$1" ] && ! [ -h "settings.$1" ]; then
    read -r idle max gpus limit agreed rest <"settings.$1"
    case $idle in '' | *[!0-9]* | ??????????*) idle='?' ;; esac
    case $agreed in yes | no) ;; *) agreed='?' ;; esac
  fi
  if [ -e "start.$1" ]; then started=yes; fi
  read_until "deadline.$1"
  ends=$until
  if [ "$1" = pod ]; then read_until keep; else read_until "keep.$1"; fi
  kept=$until
  read_until "lease.$1"
  called=$( (head -c 120 "name.$1" | head -n 1 | tr -d '\000-\037\177') 2>/dev/null)
  printf 'computer %s %s %s %s %s %s %s %s\n' "$1" "$idle" "$agreed" "$started" "$ends" "$kept" "$until" "$called"
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
  put_file "look.$computer" "$boot $up $tty"
  put_file "name.$computer" "$name"
  if [ "$lease" -gt 0 ]; then put_file "lease.$computer" "$boot $((up + lease)) -"; fi
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
  for each in pod $(list_computers); do print_computer "$each"; done
  print_file "settings.$computer" settings
  print_file previous previous
  print_file status status
  print_file "/dev/shm/podkeeper-guard-$pod/status" status
  echo complete
}

# $found: the version of the guard that is there.
read_version() {
  found=$(sed -n 's/^version=\([1-9][0-9]\{0,5\}\)$/\1/p' guard.sh | head -n 1)
  : "${found:=0}"
}

read_guard() {
  if ! find_guard; then echo absent; return; fi
  find_boot
  read_clock
  # Later versions read what this one writes.
  read_version
  if [ "$found" -ge "$version" ]; then record_look; note_use; fi
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

# What other computers wrote stays, wherever the guard was before.
take_over() {
  here=$(pwd -P)
  if [ -z "$old" ] || [ "$old" = "$here" ]; then return; fi
  for each in "$old"/*.* "$old/keep" "$old/used" "$old/status" "$old/previous" "$old/counted"; do
    case ${each##*/} in guard.* | *.new) continue ;; esac
    if [ -f "$each" ] && ! [ -h "$each" ] && ! cp -p "$each" .; then return 1; fi
  done
}

# Where others are enough, there is no room for one more.
has_room() {
  if list_computers | grep -qx "$computer"; then return; fi
  [ "$(list_computers | grep -c .)" -lt 32 ] || fail 'Too many computers look after this pod already.'
}

# What is not set has its file, too, so that it can be set on a full disk.
put_until() {
  if [ "$2" -gt 0 ] || [ -e "settings.$computer" ]; then
    put_file "$1.$computer" "$boot $(($2 > 0 ? up + $2 : 0)) $2"
  else rm -f "$1.$computer"; fi
}

fill_folder() {
  open_guard "$1" make || return 1
  take_over || return 1
  # One that runs needs no room on a full disk, and one that starts does. A newer one is never replaced.
  if [ -z "$newer" ] && { ! has_guard || ! find_owner; }; then
    if ! { printf %s "$guard" >guard.new && [ "$(wc -c <guard.new)" -eq "$bytes" ]; }; then return 1; fi
    mv -f guard.new guard.sh || return 1
  fi
  put_file "settings.$computer" "$settings" && put_until deadline "$deadline" && put_until keep "$keep"
}

# Writes the guard and starts it, unless the same or a newer one runs already.
install_guard() {
  trap : HUP PIPE
  find_boot
  read_clock
  (umask "$u0"; mkdir -p "$root") 2>/dev/null
  old='' newer=''
  if find_guard; then
    (has_room) || exit 1
    old=$(pwd -P)
    read_version
    if [ "$found" -gt "$version" ]; then newer=yes
    elif [ -n "$fresh" ] || [ "$base" != "$root" ] || ! has_guard; then end_guard; fi
  fi
  placed=
  for place in "$root" /root /tmp /dev/shm; do
    if [ -n "$newer" ] && [ "$place" != "$base" ]; then continue; fi
    if (fill_folder "$place") >/dev/null 2>&1; then
      placed=$place
      break
    fi
  done
  if [ -z "$placed" ]; then fail 'The pod has no folder that can be written. Its disk may be full.'; fi
  open_guard "$placed" ''
  record_look
  before=
  if ! find_owner; then
    before=$(cat status 2>/dev/null)
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
  until { [ -f status ] && [ "$(cat status)" != "$before" ]; } || [ "$tries" -gt 200 ]; do
    tries=$((tries + 1))
    nap
  done
  report_guard
}

# The image starts it for as long as any computer wants that.
change_start() {
  if [ "$seconds" -gt 0 ]; then
    put_file "start.$computer" "$boot" && add_block
    return
  fi
  rm -f "start.$computer"
  for each in start.*; do if [ -e "$each" ]; then return; fi; done
  remove_block
}

# Ends all that computer $1 set; `pod`: what was asked for in the pod.
forget() {
  case $1 in
    pod) rm -f keep ;;
    '' | *[!0-9a-z]*) return 1 ;;
    *) for each in settings deadline keep lease look name start; do rm -f "$each.$1" || return 1; done ;;
  esac
}

change_guard() {
  find_guard || { echo absent; return; }
  find_boot
  read_clock
  case $change in
    deadline | keep) has_room && put_until "$change" "$seconds" && put_file "name.$computer" "$name" ;;
    post-start) (change_start) >/dev/null 2>&1 || : ;;
    forget) forget "$whose" ;;
    check) put_file check "$boot $up -" ;;
    stop-now) put_file stop-now "$boot $((up + seconds)) -" ;;
  esac || fail 'The pod can not save that. Its disk may be full.'
  report_guard
}

# What other computers want of it stays.
remove_guard() {
  if find_guard; then
    forget "$computer"
    for each in settings.*; do
      if [ -f "$each" ]; then
        seconds=0
        (change_start) >/dev/null 2>&1
        echo kept
        return
      fi
    done
  fi
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
