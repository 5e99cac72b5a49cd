# Runs as root in a virtual machine whose kernel has AppArmor: moves to a file
# system of its own, for pivot_root does not work on the initial ramfs, and runs
# /checks there. What that prints is in /out/log.
exec >/out/log 2>&1
[ ! -e /before ] || sh /before
cat >/tmp/move <<'MOVE'
mkdir /n && mount -t tmpfs n /n && chmod 755 /n
mkdir /n/proc /n/sys /n/dev /n/out /n/tmp /n/run
for d in /*; do
	[ -e "/n/$d" ] || [ "$d" = /n ] || cp -a "$d" /n/
done
for d in proc sys dev out; do mount --rbind /$d /n/$d; done
chmod 1777 /n/tmp
cd /n && mount --move . / && exec chroot . sh /checks
MOVE
unshare -m sh /tmp/move
