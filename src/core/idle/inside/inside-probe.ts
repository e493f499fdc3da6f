/**
 * A POSIX `sh` script that prints what processes, disk and network did over `intervalS` seconds, for
 * `parseProbe`. It reads `/proc` twice, writes nothing, and needs no program except `sleep`, so that it works
 * in any container. `$$` and all below it are the probe itself.
 *
 * Lines: `T` seconds since boot; `M` the probe's process id; `P` id, parent, CPU ticks (own user and system,
 * ended children's user and system), start, bytes read and written by calls and by disks ("-" if not
 * readable), name; `S` a process whose bytes are not readable, and the nanoseconds that it ran; `U` a process
 * that is not readable at all; `N` interface, bytes received and sent; `E` ends a reading with the number of
 * `P` lines.
 */
export function probeScript(intervalS: number): string {
  return `exec 2>/dev/null
export LC_ALL=C
o='('
c=')'
look() {
echo "B $1"
read -r t r < /proc/uptime && echo "T $t"
echo "M $$"
n=0
for d in /proc/[0-9]*; do
p=\${d#/proc/}
s=
while IFS= read -r l || [ -n "$l" ]; do s="$s$l"; done < $d/stat
if [ -z "$s" ]; then
[ -d $d ] && echo "U $p"
continue
fi
m=\${s#*"$o"}
m=\${m%"$c"*}
set -- \${s##*"$c"}
i=- j=- k=- q=-
while read -r f v; do
case $f in
rchar:) i=$v ;;
wchar:) j=$v ;;
read_bytes:) k=$v ;;
write_bytes:) q=$v ;;
esac
done < $d/io
if [ "$q" = - ]; then
[ -d $d ] || continue
z=0
for h in $d/task/*/schedstat; do
if read -r f v < $h; then z=$((z + f)); elif [ -e $h ]; then z=-; break; fi
done
[ "$z" = - ] || echo "S $p $z"
fi
printf '%s\\n' "P $p $2 \${12} \${13} \${14} \${15} \${20} $i $j $k $q $m"
n=$((n + 1))
done
while read -r f v; do
case $f$v in
*:*)
v="$f $v"
f=\${v%%:*}
set -- \${v#*:}
echo "N $f $1 $9"
;;
esac
done < /proc/net/dev
echo "E $n"
}
look 1
sleep ${intervalS}
look 2`
}
