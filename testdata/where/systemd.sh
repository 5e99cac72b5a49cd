# systemd.sh UNITS - systemd(1) as the first process of namespaces of its own, over the
# machine's own files, with the units in the folder UNITS and no others. It starts
# check.target, and ends when that says so. For root.
set -e
cgroups=/sys/fs/cgroup
[ ! -d $cgroups/unified ] || cgroups=$cgroups/unified
own=$cgroups/sl-test.$$
mkdir "$own"
echo $$ >"$own/cgroup.procs"
export UNITS="$1"
unshare --mount --pid --fork --ipc --uts --net --cgroup --kill-child sh -ec '
	mount --make-rprivate /
	mount -t proc proc /proc
	mount -t tmpfs run /run
	mount -t tmpfs units /etc/systemd/system
	cp "$UNITS"/* /etc/systemd/system
	umount -R /sys/fs/cgroup
	mount -t cgroup2 none /sys/fs/cgroup
	exec env -i container=sl-test PATH="$PATH" /lib/systemd/systemd --system --unit=check.target \
		--log-target=console --log-level=warning --show-status=no --crash-reboot=no
' || status=$?
echo $$ >$cgroups/cgroup.procs
find "$own" -depth -type d -exec rmdir {} \; 2>/dev/null || true
exit ${status:-0}
